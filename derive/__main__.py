"""`python -m derive` is the same as `derive`."""

from derive.cli import main

if __name__ == "__main__":
    main()
