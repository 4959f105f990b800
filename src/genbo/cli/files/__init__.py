"""Files that people write, and those written for them: a product's terms in YAML, investors and allotments in CSV.

What is wrong is named with its line, its column or field, and what would be right; and all of it at once, so that a
file is corrected in one go. Nothing of a file with a mistake is applied.
"""
