package io.millrace.dataset.split;

import java.util.Arrays;

/** Numbers that grow in number, four bytes each. */
final class IntList {
  private int[] numbers = new int[1024];
  private int size;

  void add(int number) {
    if (size == numbers.length) {
      numbers = Arrays.copyOf(numbers, size + (size >> 1));
    }
    numbers[size++] = number;
  }

  int at(int place) {
    return numbers[place];
  }

  int size() {
    return size;
  }

  int[] toArray() {
    return Arrays.copyOf(numbers, size);
  }
}
