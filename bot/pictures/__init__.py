"""Pictures for boards: what a page says in words, drawn so that one takes it in at a glance.

Pure: plain values and a reader's language in, PNG bytes out, about 1,600 pixels wide so that a phone shows it sharply.
Each picture comes with its alt text. The font, Pretendard (SIL Open Font License, see `fonts/OFL.txt`), is shipped
unchanged.
"""
