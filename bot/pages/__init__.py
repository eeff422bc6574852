"""The pages that the bot writes: templates, and the functions that fill them."""
