package io.millrace.dataset.naming;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The known name that a mistyped one may stand for. */
public final class NearestName {
  /** A shorter text is part of too many names to mean one of them. */
  private static final int SHORTEST_PART = 3;

  private NearestName() {}

  /**
   * The name with the fewest typing errors: at most one, or one in three letters of a long name. A
   * part of a name, such as {@code iou} of {@code nms_iou}, stands for it as well and goes first.
   * Case does not matter.
   *
   * @return one of the known names, the first of equally near ones; empty where none is near
   */
  public static Optional<String> of(String given, Collection<String> known) {
    String typed = given.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(name -> isPart(typed, name) || typingErrors(typed, name) <= mostErrors(name))
        .min(
            Comparator.comparing((String name) -> !isPart(typed, name))
                .thenComparing(name -> typingErrors(typed, name)));
  }

  private static boolean isPart(String typed, String name) {
    return typed.length() >= SHORTEST_PART && name.toLowerCase(Locale.ROOT).contains(typed);
  }

  private static int mostErrors(String name) {
    return Math.max(1, name.length() / 3);
  }

  /** Letters changed, added or dropped; one that stands in the wrong place counts once. */
  private static int typingErrors(String typed, String name) {
    String expected = name.toLowerCase(Locale.ROOT);
    int changes = LevenshteinDistance.getDefaultInstance().apply(typed, expected);
    return Arrays.equals(letters(typed), letters(expected)) ? (changes + 1) / 2 : changes;
  }

  private static int[] letters(String text) {
    return text.chars().sorted().toArray();
  }
}
