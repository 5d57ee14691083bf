"""The goldenthread command, run as a module of this checkout: `python -m tests.benchmarks.goldenthread`."""

from goldenthread.config.commandline import main

if __name__ == "__main__":
    main()
