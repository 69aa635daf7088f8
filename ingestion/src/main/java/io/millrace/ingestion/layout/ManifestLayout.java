package io.millrace.ingestion.layout;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.Limits;
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
    return DescribedSamples.outcomes(entries, kind, inspector);
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
}
