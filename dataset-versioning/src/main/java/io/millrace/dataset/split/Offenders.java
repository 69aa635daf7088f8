package io.millrace.dataset.split;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What is wrong, of which a message names the first few and counts the rest. */
final class Offenders {
  private final List<String> first = new ArrayList<>();
  private long count;

  /**
   * @param text is asked for the first few only
   */
  void add(Supplier<String> text) {
    if (count++ < SplitErrors.MOST_NAMED) {
      first.add(text.get());
    }
  }

  boolean isEmpty() {
    return count == 0;
  }

  List<String> first() {
    return List.copyOf(first);
  }

  long count() {
    return count;
  }
}
