package io.millrace.dataset;

import java.util.Collection;
import java.util.stream.Collectors;

/** Many things in one sentence: the first few by name, then how many more there are. */
public final class FirstNamed {
  private FirstNamed() {}

  /**
   * All of these, such as {@code cats, dogs and 3 more}.
   *
   * @param most so many are named
   */
  public static String of(Collection<?> things, int most) {
    return of(things, ", ", most, things.size());
  }

  /**
   * These and those that follow them.
   *
   * @param first the first of them, at least as many as shall be named
   * @param most so many are named
   * @param count of all
   */
  public static String of(Collection<?> first, String separator, int most, long count) {
    String named =
        first.stream().limit(most).map(Object::toString).collect(Collectors.joining(separator));
    long more = count - Math.min(most, first.size());
    return more == 0 ? named : "%s and %d more".formatted(named, more);
  }
}
