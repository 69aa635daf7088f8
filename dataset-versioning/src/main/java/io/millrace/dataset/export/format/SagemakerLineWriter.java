package io.millrace.dataset.export.format;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.Label;
import io.millrace.dataset.Sample;
import io.millrace.dataset.Shape.BoundingBox;
import io.millrace.dataset.export.ExportPlan;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * Lays out the fields of a line of SageMaker's augmented manifest, of a sample with the annotations
 * that the format carries.
 */
record SagemakerLineWriter(ExportPlan plan) {
  private static final String TYPE = "groundtruth/";

  /** The line of a sample, its properties aside. */
  ObjectNode line(Sample sample) {
    ObjectNode line = object();
    line.put(
        sample.source().isContent() ? "source" : "source-ref",
        sample.source().isContent() ? sample.source().path() : sample.source().value());
    putClasses(line, sample);
    putBoxes(line, sample);
    putEntities(line, sample);
    return line;
  }

  private void putClasses(ObjectNode line, Sample sample) {
    List<Annotation.Classification> classes = all(sample, Annotation.Classification.class);
    if (classes.isEmpty()) {
      return;
    }
    String subject = sample.kind() == DatasetKind.TEXT ? "text" : "image";
    SagemakerInfo info = SagemakerInfo.ofClasses(sample);
    if (classes.size() == 1) {
      Annotation.Classification single = classes.get(0);
      line.put(SagemakerFormat.LABEL, number(single.name()));
      ObjectNode metadata = metadata(line, SagemakerFormat.LABEL, info);
      metadata.put("class-name", single.name().value());
      putConfidence(metadata, single.info());
      metadata.put("type", TYPE + subject + "-classification");
      return;
    }
    ArrayNode numbers = line.putArray(SagemakerFormat.LABELS);
    ObjectNode metadata = metadata(line, SagemakerFormat.LABELS, info);
    ObjectNode classMap = metadata.putObject("class-map");
    ObjectNode confidences = metadata.putObject("confidence-map");
    for (Annotation.Classification each : classes) {
      String number = Integer.toString(number(each.name()));
      numbers.add(number(each.name()));
      classMap.put(number, each.name().value());
      each.info().confidence().ifPresent(confidence -> confidences.put(number, confidence));
    }
    metadata.put("type", TYPE + subject + "-classification-multilabel");
  }

  private void putBoxes(ObjectNode line, Sample sample) {
    List<Annotation.ImageObject> objects =
        sample.objects().stream()
            .filter(object -> SagemakerFormat.box(object).isPresent())
            .toList();
    if (objects.isEmpty()) {
      return;
    }
    ObjectNode boxes = line.putObject(SagemakerFormat.BOXES);
    ArrayNode annotations = boxes.putArray("annotations");
    ObjectNode metadata = metadata(line, SagemakerFormat.BOXES, SagemakerInfo.ofObjects(sample));
    ObjectNode classMap = metadata.putObject("class-map");
    ArrayNode confidences = metadata.putArray("objects");
    for (Annotation.ImageObject each : objects) {
      BoundingBox box = SagemakerFormat.box(each).orElseThrow();
      annotations
          .addObject()
          .put("class_id", number(each.name()))
          .put("left", box.xMin())
          .put("top", box.yMin())
          .put("width", box.width())
          .put("height", box.height());
      classMap.put(Integer.toString(number(each.name())), each.name().value());
      putConfidence(confidences.addObject(), each.info());
    }
    sample
        .measures()
        .width()
        .ifPresent(
            width ->
                sample
                    .measures()
                    .height()
                    .ifPresent(
                        height ->
                            boxes
                                .putArray("image_size")
                                .addObject()
                                .put("width", width)
                                .put("height", height)
                                .put("depth", sample.measures().channels().orElse(3))));
    metadata.put("type", TYPE + "object-detection");
  }

  private void putEntities(ObjectNode line, Sample sample) {
    List<Annotation.TextEntity> entities = all(sample, Annotation.TextEntity.class);
    if (entities.isEmpty()) {
      return;
    }
    ObjectNode annotations = line.putObject(SagemakerFormat.ENTITIES).putObject("annotations");
    ArrayNode list = annotations.putArray("entities");
    ArrayNode labels = annotations.putArray("labels");
    ObjectNode metadata =
        metadata(line, SagemakerFormat.ENTITIES, SagemakerInfo.ofEntities(sample));
    ArrayNode confidences = metadata.putArray("entities");
    for (Annotation.TextEntity each : entities) {
      list.addObject()
          .put("label", each.name().value())
          .put("startOffset", each.start())
          .put("endOffset", each.end());
      putConfidence(confidences.addObject(), each.info());
    }
    entities.stream()
        .map(Annotation.TextEntity::name)
        .distinct()
        .sorted()
        .forEach(label -> labels.addObject().put("label", label.value()));
    metadata.put("type", TYPE + "text-span");
  }

  private static ObjectNode metadata(ObjectNode line, String attribute, SagemakerInfo info) {
    ObjectNode metadata = line.putObject(attribute + SagemakerFormat.METADATA);
    info.annotatedBy()
        .ifPresent(
            by -> metadata.put("human-annotated", by.equals(SagemakerInfo.HUMAN) ? "yes" : "no"));
    info.creationTime()
        .ifPresent(
            time ->
                metadata.put("creation-date", DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time)));
    return metadata;
  }

  private static void putConfidence(ObjectNode object, AnnotationInfo info) {
    info.confidence().ifPresent(confidence -> object.put("confidence", confidence));
  }

  private int number(Label label) {
    return plan.indexOf(label).orElseThrow();
  }

  private static <T extends Annotation> List<T> all(Sample sample, Class<T> type) {
    return sample.annotations().stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
