package io.millrace.dataset.voc;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Hardness;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Properties;
import io.millrace.dataset.manifest.PropertiesJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns VOC objects into annotations and back; what annotations have no place for is kept in their
 * foreign fields.
 */
final class KeptFields {
  private static final String ELEMENTS = "elements";
  private static final String MASK_SOURCE = "mask_source";

  private KeptFields() {}

  static Annotation.ImageObject toImageObject(
      VocObject object, LabelTaskType taskType, Optional<VocImage> image) {
    Map<String, Object> voc = new LinkedHashMap<>();
    image.flatMap(VocImage::maskSource).ifPresent(source -> voc.put(MASK_SOURCE, source));
    List<VocElement> elements = new ArrayList<>();
    object.parts().forEach(part -> elements.add(VocWriter.part(part)));
    elements.addAll(object.others());
    if (!elements.isEmpty()) {
      voc.put(ELEMENTS, elements.stream().map(VocElement::toProperties).toList());
    }
    return new Annotation.ImageObject(
        taskType,
        object.name(),
        object.shape(),
        object.traits(),
        new AnnotationInfo(
            Optional.empty(),
            object.properties(),
            object.hardness(),
            Optional.empty(),
            Optional.empty(),
            object.confidence(),
            voc.isEmpty() ? "" : write(Map.of(Annotation.ImageObject.VOC_FIELDS, voc))));
  }

  static VocObject toVocObject(Annotation.ImageObject object) {
    List<VocPart> parts = new ArrayList<>();
    List<VocElement> others = new ArrayList<>();
    if (voc(object).get(ELEMENTS) instanceof List<?> elements) {
      for (Object kept : elements) {
        VocElement element = VocElement.ofProperties(kept);
        if (element.name().equals(VocNames.PART)) {
          parts.add(part(element));
        } else {
          others.add(element);
        }
      }
    }
    return new VocObject(
        object.name(),
        object.shape(),
        object.traits(),
        object.info().hardness(),
        object.info().confidence(),
        object.info().properties(),
        parts,
        others);
  }

  static Optional<String> maskSource(Annotation.ImageObject object) {
    return voc(object).get(MASK_SOURCE) instanceof String source && !source.isBlank()
        ? Optional.of(source)
        : Optional.empty();
  }

  /** An object that also says what the manifest's annotation says of the file that held it. */
  static Annotation.ImageObject inherit(Annotation.ImageObject object, Annotation.ObjectFile file) {
    AnnotationInfo own = object.info();
    AnnotationInfo said = file.info();
    Hardness hardness =
        new Hardness(
            own.hardness().hard() || said.hardness().hard(),
            own.hardness().coefficient().isPresent()
                ? own.hardness().coefficient()
                : said.hardness().coefficient());
    return new Annotation.ImageObject(
        object.taskType(),
        object.name(),
        object.shape(),
        object.traits(),
        new AnnotationInfo(
            own.id(),
            own.properties(),
            hardness,
            said.annotatedBy(),
            said.creationTime(),
            own.confidence().isPresent() ? own.confidence() : said.confidence(),
            foreignFields(own.foreignFields(), file)));
  }

  private static String foreignFields(String own, Annotation.ObjectFile file) {
    Map<String, Object> manifest = new LinkedHashMap<>();
    file.name().ifPresent(name -> manifest.put("name", name.value()));
    file.info().id().ifPresent(id -> manifest.put("id", id));
    if (!file.info().properties().isEmpty()) {
      manifest.put("property", file.info().properties().values());
    }
    manifest.putAll(read(file.info().foreignFields()));
    if (manifest.isEmpty()) {
      return own;
    }
    Map<String, Object> fields = new LinkedHashMap<>(read(own));
    fields.put(Annotation.ImageObject.MANIFEST_FIELDS, manifest);
    return write(fields);
  }

  private static VocPart part(VocElement element) {
    try {
      return new VocParser().part(LocatedElement.of(element));
    } catch (VocFaultException e) {
      throw new DatasetException("Invalid VOC part: " + e.getMessage(), e);
    }
  }

  private static Map<?, ?> voc(Annotation.ImageObject object) {
    return read(object.info().foreignFields()).get(Annotation.ImageObject.VOC_FIELDS)
            instanceof Map<?, ?> voc
        ? voc
        : Map.of();
  }

  private static Map<String, Object> read(String foreignFields) {
    return foreignFields.isEmpty() ? Map.of() : PropertiesJson.read(foreignFields).values();
  }

  private static String write(Map<String, Object> fields) {
    return PropertiesJson.write(new Properties(fields));
  }
}
