package io.millrace.dataset.manifest;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.Annotation;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.Hardness;
import io.millrace.dataset.Measures;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.SampleId;
import io.millrace.dataset.SourceState;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.Usage;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads the JSON object of one line as a sample. */
final class SampleDecoder {
  private static final String CARBON_DATA = "carbondata";

  private final Function<String, StorageUri> addresses;
  private final Instant createdAt;

  SampleDecoder(Function<String, StorageUri> addresses, Instant createdAt) {
    this.addresses = addresses;
    this.createdAt = createdAt;
  }

  Sample decode(ObjectNode line) throws InvalidFieldException {
    JsonFields fields = new JsonFields(line, JsonPointer.empty());
    refuseOtherDialects(fields);
    StorageUri source = fields.requiredParsed(ManifestFields.SOURCE, addresses);
    Optional<SampleId> id = fields.parsed(ManifestFields.ID, SampleId::new);
    Optional<Usage> usage = fields.parsed(ManifestFields.USAGE, SampleDecoder::usage);
    Hardness hardness = fields.hardness();
    Optional<StorageUri> inference = fields.parsed(ManifestFields.INFERENCE_LOC, addresses);
    Properties properties = fields.nested(ManifestFields.PROPERTY).rest();
    List<AnnotationFields> annotations = annotationsOf(fields);
    Optional<DatasetKind> namedKind = namedKind(fields);
    AnnotationDecoder decoder = AnnotationDecoder.of(addresses, annotations, properties);
    List<Annotation> decoded = new ArrayList<>(annotations.size());
    for (AnnotationFields annotation : annotations) {
      decoded.add(decoder.decode(annotation));
    }
    return new Sample(
        id.orElseGet(() -> SampleId.ofSource(source)),
        source,
        namedKind.orElseGet(
            () -> kindOf(source, annotations.stream().map(AnnotationFields::kind).findFirst())),
        sizeOf(source),
        Optional.empty(),
        createdAt,
        SourceState.UNKNOWN,
        usage,
        hardness,
        properties,
        Measures.NONE,
        decoded,
        inference,
        Optional.empty(),
        fields.foreign());
  }

  private static void refuseOtherDialects(JsonFields fields) throws InvalidFieldException {
    Optional<String> sourceType = fields.text(ManifestFields.SOURCE_TYPE);
    if (sourceType.isPresent()
        && sourceType.get().strip().toLowerCase(Locale.ROOT).equals(CARBON_DATA)) {
      throw new InvalidFieldException(
          ManifestFault.COLUMN_FILE,
          fields.placeOf(ManifestFields.SOURCE_TYPE),
          "the line names column files of CarbonData, not a sample");
    }
    fields.giveBack(ManifestFields.SOURCE_TYPE);
    if (!fields.has(ManifestFields.SOURCE) && fields.has("source-ref")) {
      throw new InvalidFieldException(
          ManifestFault.MISSING_FIELD,
          JsonPointer.empty(),
          "the field \"source\" is missing; \"source-ref\" is of SageMaker's augmented manifests");
    }
  }

  private static Usage usage(String text) {
    return Usage.parse(text.strip())
        .orElseThrow(
            () ->
                new DatasetException(
                    "'%s' (expected TRAIN, EVAL, TEST or INFERENCE)".formatted(text)));
  }

  private static List<AnnotationFields> annotationsOf(JsonFields fields)
      throws InvalidFieldException {
    Optional<JsonNode> value = fields.value(ManifestFields.ANNOTATION);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!value.get().isArray()) {
      throw fields.invalid(ManifestFields.ANNOTATION, "expected an array of objects");
    }
    List<AnnotationFields> annotations = new ArrayList<>(value.get().size());
    JsonPointer place = fields.placeOf(ManifestFields.ANNOTATION);
    for (int i = 0; i < value.get().size(); i++) {
      JsonPointer element = place.appendIndex(i);
      if (!(value.get().get(i) instanceof ObjectNode object)) {
        throw new InvalidFieldException(
            ManifestFault.INVALID_FIELD, element, "Invalid annotation: expected an object");
      }
      annotations.add(AnnotationFields.of(new JsonFields(object, element)));
    }
    return annotations;
  }

  private static Optional<DatasetKind> namedKind(JsonFields fields) throws InvalidFieldException {
    if (fields.text(ManifestFields.SAMPLE_TYPE).isEmpty()) {
      return Optional.empty();
    }
    int code = fields.requiredInteger(ManifestFields.SAMPLE_TYPE);
    Optional<DatasetKind> kind = DatasetKind.ofSampleType(code);
    if (kind.isEmpty()) {
      throw fields.invalid(
          ManifestFields.SAMPLE_TYPE, "expected 0 image, 1 text, 2 audio, 4 table or 6 video");
    }
    return kind;
  }

  /** What the first annotation fits; else inline content is text; else what the name says. */
  static DatasetKind kindOf(StorageUri source, Optional<AnnotationKind> annotation) {
    if (annotation.isPresent()) {
      return annotation.get().kind();
    }
    return source.isContent()
        ? DatasetKind.TEXT
        : Stream.of(DatasetKind.values())
            .filter(kind -> kind.accepts(source.fileName()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("The kind FREE accepts every file"));
  }

  /** Bytes of inline content; 0 for a file, which nobody has looked at yet. */
  static long sizeOf(StorageUri source) {
    return source.isContent() ? source.path().getBytes(StandardCharsets.UTF_8).length : 0;
  }

  /** An annotation's fields and what kind of annotation they are. */
  record AnnotationFields(AnnotationKind kind, JsonFields fields) {
    static AnnotationFields of(JsonFields fields) throws InvalidFieldException {
      String type = fields.requiredText(ManifestFields.TYPE);
      Optional<AnnotationKind> kind = AnnotationKind.parse(type);
      if (kind.isEmpty()) {
        throw fields.invalid(
            ManifestFields.TYPE,
            "expected one of %s, with or without modelarts/ before it"
                .formatted(String.join(", ", AnnotationKind.words())));
      }
      return new AnnotationFields(kind.get(), fields);
    }
  }
}
