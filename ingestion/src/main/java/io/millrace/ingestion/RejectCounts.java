package io.millrace.ingestion;

import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;

/** How many inputs were refused for each reason, as reports tell it. */
public final class RejectCounts {
  private RejectCounts() {}

  /** Inputs that were refused, for whatever reason. */
  public static long total(Map<RejectReason, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * The reasons by falling count, in brackets and after a space, such as {@code (2 broken-box, 1
   * empty-file)}; empty text where nothing was refused.
   */
  public static String summary(Map<RejectReason, Long> counts) {
    return counts.isEmpty()
        ? ""
        : counts.entrySet().stream()
            .sorted(
                Map.Entry.<RejectReason, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .map(entry -> entry.getValue() + " " + entry.getKey().code())
            .collect(Collectors.joining(", ", " (", ")"));
  }
}
