package io.millrace.dataset.manifest;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.Measures;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.SampleId;
import io.millrace.dataset.SourceState;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * The fast path: reads lines as ModelArts writes them straight from their bytes. It matches one
 * shape (known fields, each once, texts without escapes, plain numbers) and judges nothing: for a
 * line of any other shape there is no sample, and {@link SampleDecoder} reads it, which is the law
 * for both. Whatever is read here is what that one would have read.
 *
 * <p>Safe for use by several threads.
 */
final class PlainLines {
  /** Far below every bound that the parser of the careful path has for names and texts. */
  private static final int MOST_BYTES = 1 << 14;

  private static final int SOURCE = 0;
  private static final int ID = 1;
  private static final int USAGE = 2;
  private static final int HARD = 3;
  private static final int HARD_COEFFICIENT = 4;
  private static final int ANNOTATION = 5;
  private static final int INFERENCE_LOC = 6;
  private static final int SAMPLE_TYPE = 7;
  private static final int PROPERTY = 8;
  private static final List<String> SAMPLE_FIELDS =
      List.of(
          ManifestFields.SOURCE,
          ManifestFields.ID,
          ManifestFields.USAGE,
          ManifestFields.HARD,
          ManifestFields.HARD_COEFFICIENT,
          ManifestFields.ANNOTATION,
          ManifestFields.INFERENCE_LOC,
          ManifestFields.SAMPLE_TYPE,
          ManifestFields.PROPERTY);

  private final Function<String, StorageUri> addresses;
  private final Instant createdAt;
  private final PlainKeys sampleKeys = new PlainKeys(SAMPLE_FIELDS);
  private final PlainAnnotations annotations;
  private final PlainValues values = new PlainValues();
  private final TextCache<Optional<Usage>> usages =
      new TextCache<>(text -> Usage.parse(text.strip()));

  PlainLines(Function<String, StorageUri> addresses, Instant createdAt) {
    this.addresses = addresses;
    this.createdAt = createdAt;
    this.annotations = new PlainAnnotations(addresses, values);
  }

  /** The sample of a line that is valid UTF-8; empty where the careful path has to read it. */
  Optional<Sample> decode(byte[] bytes, int from, int to) {
    if (to - from > MOST_BYTES) {
      return Optional.empty();
    }
    try {
      PlainText text = new PlainText(bytes, from, to);
      Sample sample = sample(text);
      text.expectEnd();
      return Optional.of(sample);
    } catch (NotPlainException | DatasetException e) {
      // Neither is a failure yet: the careful path finds out, and says what and where.
      return Optional.empty();
    }
  }

  private Sample sample(PlainText text) throws NotPlainException {
    Optional<StorageUri> source = Optional.empty();
    Optional<SampleId> id = Optional.empty();
    Optional<Usage> usage = Optional.empty();
    boolean hard = false;
    OptionalDouble coefficient = OptionalDouble.empty();
    List<PlainAnnotation> annotated = List.of();
    Optional<StorageUri> inference = Optional.empty();
    Optional<DatasetKind> kind = Optional.empty();
    Properties properties = Properties.EMPTY;
    int seen = 0;
    int key = text.firstKey(sampleKeys);
    while (key >= 0) {
      seen = once(seen, key);
      switch (key) {
        case SOURCE -> source = Optional.of(addresses.apply(text.text()));
        case ID -> id = Optional.of(new SampleId(text.text()));
        case USAGE -> usage = usage(text);
        case HARD -> hard = values.truth(text);
        case HARD_COEFFICIENT -> coefficient = OptionalDouble.of(text.fraction());
        case ANNOTATION -> annotated = annotations.read(text);
        case INFERENCE_LOC -> inference = Optional.of(addresses.apply(text.text()));
        case SAMPLE_TYPE -> kind = kind(text);
        case PROPERTY -> properties = values.properties(text);
        default -> throw new IllegalStateException("A key without a meaning: " + key);
      }
      key = text.nextKey(sampleKeys, key);
    }
    StorageUri address = NotPlainException.require(source);
    return new Sample(
        id.isPresent() ? id.get() : SampleId.ofSource(address),
        address,
        kind.isPresent() ? kind.get() : SampleDecoder.kindOf(address, firstKind(annotated)),
        SampleDecoder.sizeOf(address),
        Optional.empty(),
        createdAt,
        SourceState.UNKNOWN,
        usage,
        PlainValues.hardness(hard, coefficient),
        properties,
        Measures.NONE,
        annotations.build(annotated, properties),
        inference,
        Optional.empty(),
        "");
  }

  private static Optional<AnnotationKind> firstKind(List<PlainAnnotation> annotated) {
    return annotated.isEmpty() ? Optional.empty() : Optional.of(annotated.get(0).kind);
  }

  private Optional<Usage> usage(PlainText text) throws NotPlainException {
    Optional<Usage> usage = text.text(usages);
    NotPlainException.require(usage);
    return usage;
  }

  private static Optional<DatasetKind> kind(PlainText text) throws NotPlainException {
    Optional<DatasetKind> kind = DatasetKind.ofSampleType(text.digit());
    NotPlainException.require(kind);
    return kind;
  }

  /** The keys seen, with one more; a key that comes twice is not plain. */
  static int once(int seen, int key) throws NotPlainException {
    if ((seen & 1 << key) != 0) {
      throw new NotPlainException();
    }
    return seen | 1 << key;
  }
}
