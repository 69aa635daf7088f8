package io.millrace.ingestion.layout;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.Limits;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.manifest.Accepted;
import io.millrace.dataset.manifest.ManifestReader;
import io.millrace.dataset.manifest.ParsedLine;
import io.millrace.dataset.manifest.Rejected;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.RejectReason;
import io.millrace.ingestion.layout.LayoutEntry.Broken;
import io.millrace.ingestion.layout.LayoutEntry.Described;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) throws IOException {
    // The time is set when the samples are inspected.
    return ManifestReader.open(stores.of(source), source, Instant.EPOCH, limits)
        .lines()
        .map(this::entry);
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    List<Outcome> outcomes = new ArrayList<>();
    List<Described> lines = new ArrayList<>();
    for (LayoutEntry entry : entries) {
      if (entry instanceof Described line) {
        lines.add(line);
      } else if (entry instanceof Broken broken) {
        outcomes.add(broken.refused());
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
      return new Described(
          accepted.sample().id().value(), source, accepted.lineNumber(), accepted.sample());
    }
    Rejected rejected = (Rejected) line;
    // No id holds a control character, so that no line's key is the id of a sample.
    return new Broken(
        "\0" + rejected.lineNumber(),
        "%s:%d".formatted(source, rejected.lineNumber()),
        RejectReason.BROKEN_LINE,
        "Column %d: %s. The line begins with: %s"
            .formatted(rejected.column(), rejected.reason(), rejected.text()));
  }

  private Outcome sample(List<Described> lines, SampleInspector inspector) {
    List<Described> ordered = new ArrayList<>(lines);
    ordered.sort(Comparator.comparingLong(Described::line));
    String address = ordered.get(0).place();
    Sample sample = SampleMerge.of(ordered.stream().map(Described::sample).toList());
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
