package io.millrace.ingestion.layout;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Limits;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.manifest.Accepted;
import io.millrace.dataset.manifest.ManifestReader;
import io.millrace.dataset.manifest.ParsedLine;
import io.millrace.dataset.manifest.Rejected;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.layout.LayoutEntry.BrokenLine;
import io.millrace.ingestion.layout.LayoutEntry.SampleLine;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A manifest: one JSON object a line, each a sample with its annotations. Every source is looked up
 * and every annotation file opened; lines of the same id are merged into one sample.
 *
 * @param source the manifest file
 * @param kind of the dataset; lines of another kind are refused, those that do not say are of it
 */
public record ManifestLayout(StorageUri source, DatasetKind kind, Limits limits)
    implements ImportLayout {

  @Override
  public Set<LabelTaskType> taskTypes() {
    return EnumSet.complementOf(EnumSet.of(LabelTaskType.TABLE));
  }

  @Override
  public Stream<LayoutEntry> entries(Stores stores) throws IOException {
    // The time is set when the samples are inspected.
    return ManifestReader.open(stores.of(source), source, Instant.EPOCH, limits)
        .lines()
        .map(this::entry);
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    List<Outcome> outcomes = new ArrayList<>();
    List<SampleLine> lines = new ArrayList<>();
    for (LayoutEntry entry : entries) {
      if (entry instanceof SampleLine line) {
        lines.add(line);
      } else if (entry instanceof BrokenLine broken) {
        outcomes.add(
            new Outcome.Refused(broken.source(), RejectReason.BROKEN_LINE, broken.message()));
      } else {
        throw new IllegalStateException("A manifest has no entry such as " + entry);
      }
    }
    if (!lines.isEmpty()) {
      outcomes.add(sample(lines, inspector));
    }
    return outcomes;
  }

  private LayoutEntry entry(ParsedLine line) {
    if (line instanceof Accepted accepted) {
      return new SampleLine(
          accepted.sample().id().value(), source, accepted.lineNumber(), accepted.sample());
    }
    Rejected rejected = (Rejected) line;
    // No id holds a control character, so that no line's key is the id of a sample.
    return new BrokenLine(
        "\0" + rejected.lineNumber(),
        lineAddress(rejected.lineNumber()),
        "Column %d: %s. The line begins with: %s"
            .formatted(rejected.column(), rejected.reason(), rejected.text()));
  }

  private Outcome sample(List<SampleLine> lines, SampleInspector inspector) {
    List<SampleLine> ordered = new ArrayList<>(lines);
    ordered.sort(Comparator.comparingLong(SampleLine::lineNumber));
    String address = lineAddress(ordered.get(0).lineNumber());
    Sample sample = SampleMerge.of(ordered.stream().map(SampleLine::sample).toList());
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

  private String lineAddress(long lineNumber) {
    return "%s:%d".formatted(source, lineNumber);
  }
}
