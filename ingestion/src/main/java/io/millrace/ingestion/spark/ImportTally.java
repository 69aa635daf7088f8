package io.millrace.ingestion.spark;

import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Counts over the outcomes of an import, gathered in one pass. */
final class ImportTally implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String ACCEPTED = "accepted";
  private static final Map<String, RejectReason> REASONS =
      Arrays.stream(RejectReason.values())
          .collect(Collectors.toMap(RejectReason::code, Function.identity()));

  private final long mostLabels;
  private final EnumMap<RejectReason, Long> rejections = new EnumMap<>(RejectReason.class);
  private final EnumMap<Note, Long> notes = new EnumMap<>(Note.class);
  private final HashSet<String> labels = new HashSet<>();
  private long accepted;
  private long merged;

  private ImportTally(long mostLabels) {
    this.mostLabels = mostLabels;
  }

  /**
   * Counts.
   *
   * @param outcomes rows of {@link OutcomeRows#SCHEMA}
   * @param mostLabels from one more than so many distinct labels on, further ones are not kept
   */
  static ImportTally of(Dataset<Row> outcomes, long mostLabels) {
    return outcomes
        .select(
            outcomes.col(OutcomeRows.SAMPLE).isNotNull().as(ACCEPTED),
            outcomes.col(OutcomeRows.REASON_CODE),
            outcomes.col(OutcomeRows.NOTES),
            outcomes.col(OutcomeRows.LABELS),
            outcomes.col(OutcomeRows.MERGED))
        .javaRDD()
        .aggregate(new ImportTally(mostLabels), new Add(), new Merge());
  }

  long accepted() {
    return accepted;
  }

  long rejected() {
    return rejections.values().stream().mapToLong(Long::longValue).sum();
  }

  long seen() {
    return accepted + rejected();
  }

  /** Whether nothing was refused, and nothing left out by a filter. */
  boolean sawAllSamples() {
    return rejected() == 0 && notes.getOrDefault(Note.LEFT_OUT, 0L) == 0;
  }

  long merged() {
    return merged;
  }

  Map<RejectReason, Long> rejections() {
    return Collections.unmodifiableMap(rejections);
  }

  Map<Note, Long> notes() {
    return Collections.unmodifiableMap(notes);
  }

  /** The distinct labels of accepted samples; of too many, one more than the limit. */
  Set<String> labels() {
    return Collections.unmodifiableSet(labels);
  }

  private void keep(Iterable<String> moreLabels) {
    for (String label : moreLabels) {
      if (labels.size() <= mostLabels) {
        labels.add(label);
      }
    }
  }

  private static final class Add implements Function2<ImportTally, Row, ImportTally> {
    private static final long serialVersionUID = 1L;

    @Override
    public ImportTally call(ImportTally tally, Row row) {
      tally.accepted += row.<Boolean>getAs(ACCEPTED) ? 1 : 0;
      tally.merged += row.<Long>getAs(OutcomeRows.MERGED);
      String reason = row.getAs(OutcomeRows.REASON_CODE);
      if (reason != null) {
        tally.rejections.merge(REASONS.get(reason), 1L, Long::sum);
      }
      OutcomeRows.texts(row, OutcomeRows.NOTES)
          .forEach(note -> tally.notes.merge(Note.valueOf(note), 1L, Long::sum));
      tally.keep(OutcomeRows.texts(row, OutcomeRows.LABELS));
      return tally;
    }
  }

  private static final class Merge implements Function2<ImportTally, ImportTally, ImportTally> {
    private static final long serialVersionUID = 1L;

    @Override
    public ImportTally call(ImportTally tally, ImportTally other) {
      tally.accepted += other.accepted;
      tally.merged += other.merged;
      other.rejections.forEach((reason, count) -> tally.rejections.merge(reason, count, Long::sum));
      other.notes.forEach((note, count) -> tally.notes.merge(note, count, Long::sum));
      tally.keep(other.labels);
      return tally;
    }
  }
}
