package io.millrace.dataset.export;

import io.millrace.dataset.Sample;
import java.io.Serializable;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts what becomes of samples; those of tasks are added up. Not safe for several threads. */
public final class ExportTally implements Serializable {
  private static final long serialVersionUID = 1L;

  private long seen;
  private long exported;
  private final EnumMap<LeftOutReason, Long> leftOut = new EnumMap<>(LeftOutReason.class);
  private final EnumMap<Loss, Long> losses = new EnumMap<>(Loss.class);
  private final EnumMap<ExportPart, Long> parts = new EnumMap<>(ExportPart.class);
  private String example = "";

  /** Counts a sample that is in the export. */
  public void exported(Sample sample, Map<Loss, Long> sampleLosses) {
    seen++;
    exported++;
    parts.merge(ExportPart.of(sample), 1L, Long::sum);
    sampleLosses.forEach((loss, count) -> losses.merge(loss, count, Long::sum));
    if (example.isEmpty() && !sampleLosses.isEmpty()) {
      example = "%s (%s)".formatted(sample.source(), String.join("; ", Losses.texts(sampleLosses)));
    }
  }

  /** Counts a sample that is not. */
  public void leftOut(Sample sample, LeftOutReason reason, String message) {
    seen++;
    leftOut.merge(reason, 1L, Long::sum);
    if (example.isEmpty()) {
      example = "%s (%s: %s)".formatted(sample.source(), reason.code(), withoutEnd(message));
    }
  }

  /** Adds what another task counted; tasks are added in their order. */
  public void add(ExportTally other) {
    seen += other.seen;
    exported += other.exported;
    other.leftOut.forEach((reason, count) -> leftOut.merge(reason, count, Long::sum));
    other.losses.forEach((loss, count) -> losses.merge(loss, count, Long::sum));
    other.parts.forEach((part, count) -> parts.merge(part, count, Long::sum));
    example = example.isEmpty() ? other.example : example;
  }

  public long seen() {
    return seen;
  }

  public long exported() {
    return exported;
  }

  /** Samples that are not in the export, by reason; no zeros. */
  public Map<LeftOutReason, Long> leftOut() {
    return Collections.unmodifiableMap(leftOut);
  }

  /** What the exported samples lost; no zeros. */
  public Map<Loss, Long> losses() {
    return Collections.unmodifiableMap(losses);
  }

  /** Exported samples by the part that they had in the dataset; no zeros. */
  public Map<ExportPart, Long> parts() {
    return Collections.unmodifiableMap(parts);
  }

  /** Whether every sample is in the export, and whole. */
  public boolean isLossless() {
    return leftOut.isEmpty() && losses.isEmpty();
  }

  /** The first sample that was left out or lost something, and what; empty text where none did. */
  String example() {
    return example;
  }

  List<String> lossTexts() {
    List<String> texts = new java.util.ArrayList<>(Losses.texts(losses));
    if (!leftOut.isEmpty()) {
      texts.add("%d left out (%s)".formatted(seen - exported, leftOutSummary()));
    }
    return texts;
  }

  /** The reasons by falling count, such as {@code 2 unlabelled, 1 several-labels}. */
  String leftOutSummary() {
    return leftOut.entrySet().stream()
        .sorted(
            Map.Entry.<LeftOutReason, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .map(entry -> entry.getValue() + " " + entry.getKey().code())
        .collect(Collectors.joining(", "));
  }

  private static String withoutEnd(String message) {
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }
}
