package io.millrace.dataset.filter;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.Usage;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A field of a sample that a selection can name, and the values that a sample has for it: none
 * where it is absent, several for the fields of annotations.
 */
public enum SampleField {
  ID(Type.TEXT),
  /** The address as {@link #addressOf} gives it; absent for inline text. */
  SOURCE(Type.TEXT),
  /** The directory's address; absent for inline text and for {@code https}. */
  DIRECTORY(Type.TEXT),
  /** The last part of the address; absent for inline text. */
  FILE_NAME(Type.TEXT),
  KIND(Type.SYMBOL),
  USAGE(Type.SYMBOL),
  /** Bytes. */
  SIZE(Type.BYTES),
  CREATED_AT(Type.TIME),
  /** Whether the sample, one of its annotations, or VOC's {@code difficult} says so. */
  HARD(Type.TRUTH),
  /** Those of the sample itself and of its annotations. */
  HARD_COEFFICIENT(Type.NUMBER),
  /** Whether there is any annotation, one without a label included. */
  LABELLED(Type.TRUTH),
  UNLABELLED(Type.TRUTH),
  LABEL(Type.TEXT),
  /** The label task types of the annotations. */
  TYPE(Type.SYMBOL),
  ANNOTATED_BY(Type.TEXT),
  CONFIDENCE(Type.NUMBER),
  /** Pixels. */
  WIDTH(Type.NUMBER),
  /** Pixels. */
  HEIGHT(Type.NUMBER),
  CHANNELS(Type.NUMBER),
  SECONDS(Type.NUMBER),
  /** Hz. */
  SAMPLE_RATE(Type.NUMBER);

  /** What a field's values are: decides which literals and operators fit. */
  public enum Type {
    TEXT,
    NUMBER,
    /** A number of bytes, which may be written with a unit. */
    BYTES,
    TRUTH,
    TIME,
    /** One of a few words. */
    SYMBOL
  }

  private final Type type;

  SampleField(Type type) {
    this.type = type;
  }

  public Type type() {
    return type;
  }

  /** The name in a selection: lower case with hyphens. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The field of this name, in any case, with hyphens or underscores. */
  public static Optional<SampleField> parse(String name) {
    String wanted = name.toUpperCase(Locale.ROOT).replace('-', '_');
    return Arrays.stream(values()).filter(field -> field.name().equals(wanted)).findFirst();
  }

  /** Every word that the values of a {@link Type#SYMBOL} field can be; none for other fields. */
  List<String> symbols() {
    return switch (this) {
      case KIND -> names(DatasetKind.values());
      case USAGE -> names(Usage.values());
      case TYPE -> names(LabelTaskType.values());
      default -> List.of();
    };
  }

  /**
   * The form in which selections see an address: a local file as its path, everything else as its
   * {@linkplain StorageUri#canonical() canonical} address ({@code s3a} as {@code s3}, {@code https}
   * without its query); empty for inline text.
   */
  public static Optional<String> addressOf(StorageUri address) {
    return switch (address.scheme()) {
      case CONTENT -> Optional.empty();
      case FILE -> Optional.of(address.canonical().path());
      case S3, S3A, OBS, HDFS, HTTPS -> Optional.of(address.canonical().value());
    };
  }

  /** The value of {@link #DIRECTORY} for a source. */
  public static Optional<String> directoryOf(StorageUri source) {
    return source.parent().flatMap(SampleField::addressOf);
  }

  /** The value of {@link #FILE_NAME} for a source. */
  public static Optional<String> fileNameOf(StorageUri source) {
    return Optional.of(source.fileName()).filter(name -> !name.isEmpty());
  }

  /** Text, symbols as names, numbers as doubles, booleans, instants. */
  List<?> values(Sample sample) {
    return switch (this) {
      case ID -> List.of(sample.id().value());
      case SOURCE -> addressOf(sample.source()).stream().toList();
      case DIRECTORY -> directoryOf(sample.source()).stream().toList();
      case FILE_NAME -> fileNameOf(sample.source()).stream().toList();
      case KIND -> List.of(sample.kind().name());
      case USAGE -> sample.usage().stream().map(Usage::name).toList();
      case SIZE -> List.of((double) sample.sizeBytes());
      case CREATED_AT -> List.of(sample.createdAt());
      case HARD -> List.of(sample.isHard());
      case HARD_COEFFICIENT ->
          Stream.concat(
                  Stream.of(sample.hardness()),
                  sample.annotations().stream().map(each -> each.info().hardness()))
              .flatMap(hardness -> hardness.coefficient().stream().boxed())
              .toList();
      case LABELLED -> List.of(sample.isLabelled());
      case UNLABELLED -> List.of(!sample.isLabelled());
      case LABEL ->
          sample.annotations().stream()
              .map(Annotation::label)
              .flatMap(Optional::stream)
              .map(Label::value)
              .toList();
      case TYPE -> sample.annotations().stream().map(each -> each.taskType().name()).toList();
      case ANNOTATED_BY ->
          sample.annotations().stream()
              .map(each -> each.info().annotatedBy())
              .flatMap(Optional::stream)
              .toList();
      case CONFIDENCE ->
          sample.annotations().stream()
              .flatMap(each -> each.info().confidence().stream().boxed())
              .toList();
      case WIDTH -> numbers(sample.measures().width());
      case HEIGHT -> numbers(sample.measures().height());
      case CHANNELS -> numbers(sample.measures().channels());
      case SECONDS -> numbers(sample.measures().seconds());
      case SAMPLE_RATE -> numbers(sample.measures().sampleRate());
    };
  }

  static Collection<String> allNames() {
    return Arrays.stream(values()).map(SampleField::text).toList();
  }

  private static List<String> names(Enum<?>[] values) {
    return Arrays.stream(values).map(Enum::name).toList();
  }

  private static List<Double> numbers(OptionalInt value) {
    return value.isPresent() ? List.of((double) value.getAsInt()) : List.of();
  }

  private static List<Double> numbers(OptionalDouble value) {
    return value.isPresent() ? List.of(value.getAsDouble()) : List.of();
  }
}
