package io.millrace.dataset.export.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.Shape.BoundingBox;
import io.millrace.dataset.export.ExportAssembly;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportName;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.ExportPart;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportWriter;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.MediaMode;
import io.millrace.dataset.manifest.PropertiesJson;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * SageMaker's augmented manifest, of each part one, since a channel of a training job takes one:
 *
 * <pre>
 * pets-V001-train.manifest       {"source-ref": "s3://...", "label": 0, "label-metadata": {...}}
 * media/X.jpg                    where media are copied
 * </pre>
 *
 * <p>{@code label} holds one class, {@code labels} several, {@code boxes} objects, {@code entities}
 * named entities; the classes are numbered as the labels of the export are, in alphabetical order.
 * Properties are fields of their own.
 *
 * @see <a href="https://docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html">Labelling job
 *     output data</a>
 */
public record SagemakerFormat() implements ExportFormat {
  static final String LABEL = "label";
  static final String LABELS = "labels";
  static final String BOXES = "boxes";
  static final String ENTITIES = "entities";
  static final String METADATA = "-metadata";
  private static final String MEDIA = "media/";
  private static final Set<String> TAKEN =
      Set.of("source", "source-ref", LABEL, LABELS, BOXES, ENTITIES);

  @Override
  public String name() {
    return "sagemaker";
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return Set.of(
        LabelTaskType.IMAGE_CLASSIFICATION,
        LabelTaskType.OBJECT_DETECTION,
        LabelTaskType.IMAGE_SEGMENTATION,
        LabelTaskType.TEXT_CLASSIFICATION,
        LabelTaskType.NAMED_ENTITY_RECOGNITION);
  }

  @Override
  public List<MediaMode> mediaModes() {
    return List.of(MediaMode.REFERENCE, MediaMode.COPY);
  }

  @Override
  public Fit fit(Sample sample, ExportPlan plan) {
    return Fit.taken(
        Fit.undescribed(sample).withProperties(properties(sample)),
        sample.annotations(),
        carries(sample));
  }

  @Override
  public ExportWriter open(ExportPlan plan, ExportOutput output) {
    return new Writer(plan, output);
  }

  @Override
  public void finish(ExportPlan plan, ExportAssembly assembly) throws IOException {
    for (ExportPart part : plan.parts()) {
      if (assembly.has(list(plan, part))) {
        assembly.join(list(plan, part));
      }
    }
  }

  static String list(ExportPlan plan, ExportPart part) {
    return part == ExportPart.NONE
        ? plan.name() + ".manifest"
        : "%s-%s.manifest".formatted(plan.name(), part);
  }

  /** The box around an object; empty where it has no area, which readers refuse. */
  static Optional<BoundingBox> box(Annotation.ImageObject object) {
    BoundingBox box = object.shape().bounds();
    return box.width() > 0 && box.height() > 0 ? Optional.of(box) : Optional.empty();
  }

  /** A class counts once in a line; the first of equal ones is written. */
  private static Function<Annotation, Optional<Annotation>> carries(Sample sample) {
    SagemakerInfo objects = SagemakerInfo.ofObjects(sample);
    SagemakerInfo classes = SagemakerInfo.ofClasses(sample);
    SagemakerInfo entities = SagemakerInfo.ofEntities(sample);
    Set<Label> written = new HashSet<>();
    return annotation -> {
      if (annotation.taskType().kind() != sample.kind()) {
        return Optional.empty();
      }
      if (annotation instanceof Annotation.Classification single) {
        return written.add(single.name())
            ? Optional.of(
                new Annotation.Classification(
                    single.taskType(), single.name(), classes.carried(single.info())))
            : Optional.empty();
      }
      if (annotation instanceof Annotation.ImageObject object) {
        return box(object).map(box -> carried(object, box, objects.carried(object.info())));
      }
      if (annotation instanceof Annotation.TextEntity entity) {
        return Optional.of(
            new Annotation.TextEntity(
                LabelTaskType.NAMED_ENTITY_RECOGNITION,
                entity.name(),
                entity.start(),
                entity.end(),
                entities.carried(entity.info())));
      }
      return Optional.empty();
    };
  }

  private static Annotation carried(
      Annotation.ImageObject object, BoundingBox box, AnnotationInfo info) {
    return new Annotation.ImageObject(
        LabelTaskType.OBJECT_DETECTION,
        object.name(),
        new BoundingBox(
            box.xMin(), box.yMin(), box.xMin() + box.width(), box.yMin() + box.height()),
        ObjectTraits.DEFAULT,
        info);
  }

  /** Those that a reader would not take for something else. */
  private static Properties properties(Sample sample) {
    Map<String, Object> kept = new LinkedHashMap<>(sample.properties().values());
    kept.keySet().removeIf(name -> TAKEN.contains(name) || name.endsWith(METADATA));
    return new Properties(kept);
  }

  private record Writer(ExportPlan plan, ExportOutput output) implements ExportWriter {

    @Override
    public void write(Sample sample, Fit.Taken taken, ExportName name) throws IOException {
      Sample written = sample;
      if (plan.media() == MediaMode.COPY && !sample.source().isContent()) {
        output.copyMedia(sample, name.in(MEDIA));
        written = sample.withSource(plan.place().resolve(name.in(MEDIA)));
      }
      ObjectNode line =
          new SagemakerLineWriter(plan)
              .line(written.withAnnotations(taken.carried().annotations()));
      line.setAll(PropertiesJson.toNode(taken.carried().properties()));
      output.line(list(plan, ExportPart.of(sample)), line.toString());
    }
  }
}
