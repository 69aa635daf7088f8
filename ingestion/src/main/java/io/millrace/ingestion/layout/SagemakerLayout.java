package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.storage.StoredObject;
import io.millrace.ingestion.Note;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * An augmented manifest of SageMaker: one JSON object a line, see {@link SagemakerLine}. Lines of
 * the same source are merged into one sample.
 *
 * @param source the manifest file
 * @param kind of the dataset; lines of another kind are refused
 * @param lineBytes how many bytes a line may have
 */
public record SagemakerLayout(StorageUri source, DatasetKind kind, long lineBytes)
    implements ImportLayout {
  public SagemakerLayout {
    requireNonNull(source, "source is null");
    requireNonNull(kind, "kind is null");
  }

  @Override
  public Stream<LayoutEntry> entries(StoredObject object, Stores stores) throws IOException {
    return TextLines.open(object.uri(), stores, lineBytes).stream()
        .flatMap(line -> entries(object.uri(), line));
  }

  @Override
  public List<Outcome> assemble(List<LayoutEntry> entries, SampleInspector inspector) {
    return DescribedSamples.outcomes(entries, kind, inspector);
  }

  private static Stream<LayoutEntry> entries(StorageUri file, TextLine line) {
    if (line instanceof TextLine.Broken broken) {
      return Stream.of(LabelledText.broken(file, broken));
    }
    String text = ((TextLine.Read) line).text();
    if (text.isBlank()) {
      return Stream.of(
          new LayoutEntry.Remark(LabelledText.key(file, line.number()), Note.BLANK_LINE));
    }
    try {
      SagemakerLine.Parsed parsed = SagemakerLine.parse(file, text);
      String key = parsed.sample().id().value();
      return Stream.concat(
          Stream.of(new LayoutEntry.Described(key, file, line.number(), parsed.sample())),
          parsed.notes().stream().map(note -> new LayoutEntry.Remark(key, note)));
    } catch (JsonFaultException e) {
      return Stream.of(LabelledText.broken(file, line.number(), e));
    }
  }
}
