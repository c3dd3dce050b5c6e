import sys

from tests.guidance.broken import write

write(*sys.argv[1:])
