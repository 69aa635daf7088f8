package io.millrace.dataset.labels;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Label;
import io.millrace.dataset.Properties;
import io.millrace.dataset.manifest.PropertiesJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The label that a manifest repeats beside the address of a file of objects, and that each object
 * of the file keeps to be written back. It would bring an old name into the next manifest.
 */
final class RepeatedLabel {
  private static final String NAME = "name";

  private RepeatedLabel() {}

  /**
   * The annotation with that label replaced, where it is the one that goes.
   *
   * @param replacement empty to write none
   */
  static Annotation replaced(Annotation annotation, Label old, Optional<Label> replacement) {
    AnnotationInfo info = annotation.info();
    if (!(annotation instanceof Annotation.ImageObject) || info.foreignFields().isEmpty()) {
      return annotation;
    }
    Properties fields = PropertiesJson.readWritten(info.foreignFields());
    if (!(fields.value(Annotation.ImageObject.MANIFEST_FIELDS).orElse(null)
            instanceof Map<?, ?> manifest)
        || !old.value().equals(manifest.get(NAME))) {
      return annotation;
    }
    Map<Object, Object> changed = new LinkedHashMap<>(manifest);
    if (replacement.isPresent()) {
      changed.put(NAME, replacement.get().value());
    } else {
      changed.remove(NAME);
    }
    Map<String, Object> all = new LinkedHashMap<>(fields.values());
    if (changed.isEmpty()) {
      all.remove(Annotation.ImageObject.MANIFEST_FIELDS);
    } else {
      all.put(Annotation.ImageObject.MANIFEST_FIELDS, changed);
    }
    String written = all.isEmpty() ? "" : PropertiesJson.write(new Properties(all));
    return annotation.withInfo(info.withForeignFields(written));
  }
}
