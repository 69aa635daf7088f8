package io.millrace.dataset.manifest;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;

/** The names of a manifest's fields, and the form of its times. */
final class ManifestFields {
  static final String SOURCE = "source";
  static final String ID = "id";
  static final String USAGE = "usage";
  static final String HARD = "hard";
  static final String HARD_COEFFICIENT = "hard-coefficient";
  static final String ANNOTATION = "annotation";
  static final String INFERENCE_LOC = "inference-loc";
  static final String SAMPLE_TYPE = "sample-type";
  static final String PROPERTY = "property";
  static final String SOURCE_TYPE = "source-type";

  static final String TYPE = "type";
  static final String NAME = "name";
  static final String ANNOTATION_LOC = "annotation-loc";
  static final String ANNOTATION_FORMAT = "annotation-format";
  static final String ANNOTATED_BY = "annotated-by";
  static final String CREATION_TIME = "creation-time";
  static final String CONFIDENCE = "confidence";

  static final String START_INDEX = "@modelarts:start_index";
  static final String END_INDEX = "@modelarts:end_index";
  static final String FROM = "@modelarts:from";
  static final String TO = "@modelarts:to";
  static final String START_TIME = "@modelarts:start_time";
  static final String END_TIME = "@modelarts:end_time";
  static final String SPEAKER = "@modelarts:source";
  static final String CONTENT = "@modelarts:content";
  static final String PARENT_DURATION = "@modelarts:parent_duration";
  static final String PARENT_SOURCE = "@modelarts:parent_source";
  static final String TIME_IN_VIDEO = "@modelarts:time_in_video";

  /** {@code yyyy-MM-dd HH:mm:ss}; a T between and a fraction of a second are read as well. */
  static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd[ ]['T']HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(java.util.Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  /** How a {@link #TIME} is written. */
  static final DateTimeFormatter WRITTEN_TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(java.util.Locale.ROOT);

  private ManifestFields() {}
}
