package io.millrace.jobs.demo;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.DatasetKind;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.Limits;
import io.millrace.dataset.Measures;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.Sample;
import io.millrace.dataset.Shape;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.voc.VocCodec;
import io.millrace.dataset.voc.VocDocument;
import io.millrace.jobs.demo.CellPictures.Cell;
import io.millrace.jobs.demo.CellPictures.Picture;
import java.awt.image.BufferedImage;
import java.awt.image.RescaleOp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * The demo's own data set in the VOC layout: drawn pictures with their boxes, some of them nearly
 * the same, and the faults that an import has to find.
 *
 * @param pictures how many are drawn, near-duplicates and faulty ones included; at least 20
 * @param seed the same seed gives the same files
 */
record DemoData(int pictures, long seed) {
  /** Faulty inputs in every demo set: three broken files and a box outside its picture. */
  static final int FAULTS = 4;

  private static final int NEAR_DUPLICATE_EVERY = 25;
  private static final VocCodec VOC = new VocCodec(Limits.DEFAULT);

  DemoData {
    checkArgument(pictures >= 20, "Invalid pictures: %s (expected at least 20)", pictures);
  }

  /**
   * Writes the set below a directory, which is made: {@code JPEGImages} and {@code Annotations}.
   */
  void writeTo(Path directory) throws IOException {
    Path images = Files.createDirectories(directory.resolve("JPEGImages"));
    Path annotations = Files.createDirectories(directory.resolve("Annotations"));
    Random random = new Random(seed);
    Picture previous = null;
    for (int i = 0; i < pictures - FAULTS; i++) {
      boolean nearDuplicate = previous != null && i % NEAR_DUPLICATE_EVERY == 0;
      Picture picture =
          nearDuplicate
              ? new Picture(slightlyBrighter(previous.image()), previous.cells())
              : CellPictures.draw(random);
      String name = String.format(Locale.ROOT, "cells_%04d", i);
      write(images, annotations, name, jpeg(picture.image()), picture.cells());
      previous = picture;
    }
    writeFaults(images, annotations, random);
  }

  private static void writeFaults(Path images, Path annotations, Random random) throws IOException {
    Picture picture = CellPictures.draw(random);
    byte[] whole = jpeg(picture.image());
    write(images, annotations, "fault_empty", new byte[0], picture.cells());
    write(
        images,
        annotations,
        "fault_truncated",
        Arrays.copyOf(whole, whole.length / 2),
        picture.cells());
    write(
        images,
        annotations,
        "fault_text",
        "This is no picture.\n".getBytes(StandardCharsets.UTF_8),
        picture.cells());
    Cell outside =
        new Cell(
            CellPictures.CellKind.LEUKOCYTE,
            CellPictures.WIDTH - 20,
            40,
            CellPictures.WIDTH + 30,
            90);
    write(images, annotations, "fault_box_outside", whole, List.of(outside));
  }

  private static void write(
      Path images, Path annotations, String name, byte[] content, List<Cell> cells)
      throws IOException {
    Path image = images.resolve(name + ".jpg");
    writeIfChanged(image, content);
    writeIfChanged(annotations.resolve(name + ".xml"), voc(image, cells));
  }

  /** A file that stands there already keeps its time, so that an import sees nothing new. */
  private static void writeIfChanged(Path file, byte[] content) throws IOException {
    if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
      Files.write(file, content);
    }
  }

  private static BufferedImage slightlyBrighter(BufferedImage image) {
    return new RescaleOp(1.03f, 1f, null).filter(image, null);
  }

  private static byte[] jpeg(BufferedImage image) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream output = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(0.9f);
      writer.setOutput(output);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static byte[] voc(Path image, List<Cell> cells) {
    List<Annotation> objects =
        cells.stream()
            .<Annotation>map(
                cell ->
                    new Annotation.ImageObject(
                        LabelTaskType.OBJECT_DETECTION,
                        new Label(cell.kind().label()),
                        new Shape.BoundingBox(cell.xMin(), cell.yMin(), cell.xMax(), cell.yMax()),
                        ObjectTraits.DEFAULT,
                        AnnotationInfo.NONE))
            .toList();
    Sample sample =
        Sample.of(StorageUri.of(image), DatasetKind.IMAGE, 0, Instant.EPOCH)
            .withMeasures(Measures.ofImage(CellPictures.WIDTH, CellPictures.HEIGHT, 3))
            .withAnnotations(objects);
    return VOC.encode(VocDocument.of(sample));
  }
}
