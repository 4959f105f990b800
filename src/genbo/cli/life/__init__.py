"""The life of one offering, told act by act: what `genbo demo` walks through.

Each chapter is a module; `stage` is what they play on. A refusal that the story expects and does not get ends the
demo: it shows what the system does, so it must not be able to show anything else.
"""
