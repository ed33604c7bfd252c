"""What PyTorch's autograd does: tensors, the tape, accumulation, modes, random numbers, printing.

No file in this room names an operation; the operations are records in the rule book.
"""
