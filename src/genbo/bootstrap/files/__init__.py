"""Files for masters (取込ファイル): announced, received, checked, approved and applied; and written.

`desk` leads a file through its statuses; a module for each kind of master takes rows in and gives them out. What a
check does is what applying does, in a transaction that is taken back: the question and the act agree.
"""
