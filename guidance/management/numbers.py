def positive(text):
    """A whole number from 1, typed on the command line. Raises ValueError, which argparse explains."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
