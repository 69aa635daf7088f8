package io.millrace.dataset.export.format;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Annotation.ImageObject;
import io.millrace.dataset.Annotation.ObjectFile;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Limits;
import io.millrace.dataset.Sample;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.export.ExportAssembly;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.ExportName;
import io.millrace.dataset.export.ExportOutput;
import io.millrace.dataset.export.ExportPlan;
import io.millrace.dataset.export.ExportWriter;
import io.millrace.dataset.export.Fit;
import io.millrace.dataset.export.LeftOutReason;
import io.millrace.dataset.export.MediaMode;
import io.millrace.dataset.manifest.Accepted;
import io.millrace.dataset.manifest.ManifestCodec;
import io.millrace.dataset.manifest.ParsedLine;
import io.millrace.dataset.voc.ParsedVoc;
import io.millrace.dataset.voc.VocCodec;
import io.millrace.dataset.voc.VocDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * ModelArts' manifest, one JSON object a line, with Pascal VOC files for objects in images; the
 * format that carries the most:
 *
 * <pre>
 * pets-V001.manifest
 * annotations/X.xml
 * media/X.jpg           where media are copied
 * </pre>
 *
 * <p>Addresses in the manifest are absolute, as ModelArts' own are. What the format carries is what
 * the codecs read back of what they write.
 */
public record ManifestFormat() implements ExportFormat {
  private static final String ANNOTATIONS = "annotations/";
  private static final String MEDIA = "media/";
  private static final ManifestCodec LINES = new ManifestCodec();
  private static final VocCodec VOC = new VocCodec(Limits.DEFAULT);

  @Override
  public String name() {
    return "manifest";
  }

  @Override
  public Set<LabelTaskType> taskTypes() {
    return EnumSet.complementOf(EnumSet.of(LabelTaskType.TABLE));
  }

  @Override
  public List<MediaMode> mediaModes() {
    return List.of(MediaMode.REFERENCE, MediaMode.COPY);
  }

  @Override
  public Fit fit(Sample sample, ExportPlan plan) {
    Sample drawable = withoutFlatBoxes(sample);
    if (!drawable.objects().isEmpty() && !VocObjects.hasSize(drawable)) {
      return VocObjects.withoutSize();
    }
    try {
      return readBack(sample, drawable, plan);
    } catch (DatasetException e) {
      return Fit.leftOut(LeftOutReason.UNWRITABLE_TEXT, "%s", e.getMessage());
    }
  }

  @Override
  public ExportWriter open(ExportPlan plan, ExportOutput output) {
    return new Writer(plan, output);
  }

  @Override
  public void finish(ExportPlan plan, ExportAssembly assembly) throws IOException {
    assembly.join(list(plan));
  }

  static String list(ExportPlan plan) {
    return plan.name() + ".manifest";
  }

  private static Sample withoutFlatBoxes(Sample sample) {
    return sample.withAnnotations(
        sample.annotations().stream()
            .filter(
                annotation -> !(annotation instanceof ImageObject) || VocObjects.isVoc(annotation))
            .toList());
  }

  /** What the reader of the line and of the file gets. */
  private static Fit readBack(Sample sample, Sample drawable, ExportPlan plan) {
    // Any address does: it is not compared.
    StorageUri file = plan.place().resolve(ANNOTATIONS + "x.xml");
    ParsedLine line = LINES.decode(1, LINES.encode(drawable, file));
    if (!(line instanceof Accepted accepted)) {
      return Fit.leftOut(LeftOutReason.UNWRITABLE_TEXT, "Its line cannot be read back: %s.", line);
    }
    List<Annotation> read = new ArrayList<>(accepted.sample().annotations());
    List<ImageObject> objects = List.of();
    if (!drawable.objects().isEmpty()) {
      ObjectFile objectFile = (ObjectFile) read.remove(0);
      ParsedVoc parsed = VOC.decode(VOC.encode(VocDocument.of(drawable)));
      if (!(parsed instanceof ParsedVoc.Accepted document)) {
        return Fit.leftOut(
            LeftOutReason.UNWRITABLE_TEXT, "Its VOC file cannot be read back: %s.", parsed);
      }
      objects = document.document().imageObjects(objectFile);
    }
    Iterator<ImageObject> ofFile = objects.iterator();
    Iterator<Annotation> ofLine = read.iterator();
    return Fit.taken(
        accepted.sample(),
        sample.annotations(),
        annotation ->
            annotation instanceof ImageObject
                ? VocObjects.isVoc(annotation) ? Optional.of(ofFile.next()) : Optional.empty()
                : Optional.of(ofLine.next()));
  }

  private record Writer(ExportPlan plan, ExportOutput output) implements ExportWriter {

    @Override
    public void write(Sample sample, Fit.Taken taken, ExportName name) throws IOException {
      Sample written = withoutFlatBoxes(sample);
      if (plan.media() == MediaMode.COPY && !sample.source().isContent()) {
        output.copyMedia(sample, name.in(MEDIA));
        written = written.withSource(plan.place().resolve(name.in(MEDIA)));
      }
      if (written.objects().isEmpty()) {
        output.line(list(plan), LINES.encode(written));
      } else {
        String file = name.in(ANNOTATIONS, ".xml");
        output.write(file, VOC.encode(VocDocument.of(written)));
        output.line(list(plan), LINES.encode(written, plan.place().resolve(file)));
      }
    }
  }
}
