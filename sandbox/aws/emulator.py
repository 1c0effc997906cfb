"""The emulator's process: MiniStack, ending with the process that started it."""

from ministack.app import main

from sandbox.lifeline import end_with_standard_input

if __name__ == "__main__":
    end_with_standard_input(at_once=True)
    main()
