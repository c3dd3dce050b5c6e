from guidance.codes import code_of, grouped


def test_the_code_reads_in_two_groups():
    assert grouped(code_of("7kq4m2xb")) == "7KQ4-M2XB"
