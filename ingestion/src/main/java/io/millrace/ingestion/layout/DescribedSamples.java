package io.millrace.ingestion.layout;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.Sample;
import io.millrace.ingestion.Note;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.layout.LayoutEntry.Broken;
import io.millrace.ingestion.layout.LayoutEntry.Described;
import io.millrace.ingestion.layout.LayoutEntry.OtherFile;
import io.millrace.ingestion.layout.LayoutEntry.Remark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Samples of the sources whose lines describe them: those of one key are merged into one sample, in
 * the order of their files' addresses and lines.
 */
final class DescribedSamples {
  private static final Comparator<Described> BY_PLACE =
      Comparator.comparing((Described line) -> line.file().value())
          .thenComparingLong(Described::line);

  private DescribedSamples() {}

  /**
   * The outcomes of all entries of one key.
   *
   * @param kind of the dataset; lines that state another one are refused
   */
  static List<Outcome> outcomes(
      List<LayoutEntry> entries, DatasetKind kind, SampleInspector inspector) {
    List<Outcome> outcomes = new ArrayList<>();
    List<Described> lines = new ArrayList<>();
    for (LayoutEntry entry : entries) {
      if (entry instanceof Described line) {
        lines.add(line);
      } else if (entry instanceof Broken broken) {
        outcomes.add(broken.refused());
      } else if (entry instanceof Remark remark) {
        outcomes.add(new Outcome.Aside(remark.note()));
      } else if (entry instanceof OtherFile) {
        outcomes.add(new Outcome.Aside(Note.OTHER_FILE));
      } else {
        throw new IllegalStateException("Lines give no entry such as " + entry);
      }
    }
    if (!lines.isEmpty()) {
      lines.sort(BY_PLACE);
      outcomes.add(sample(lines, kind, inspector));
    }
    return outcomes;
  }

  private static Outcome sample(
      List<Described> lines, DatasetKind kind, SampleInspector inspector) {
    String address = lines.get(0).place();
    Sample sample = SampleMerge.of(lines.stream().map(Described::sample).toList());
    DatasetKind stated = sample.kind();
    if (stated != kind && stated != DatasetKind.FREE) {
      return new Outcome.Refused(
          address,
          RejectReason.WRONG_KIND,
          "The line describes a sample of kind %s, the dataset holds %s.".formatted(stated, kind));
    }
    Outcome outcome = inspector.line(sample.withKind(kind), lines.size() - 1L);
    return outcome instanceof Outcome.Refused refused
        ? new Outcome.Refused(
            address, refused.reason(), "%s: %s".formatted(refused.source(), refused.message()))
        : outcome;
  }
}
