package io.millrace.jobs.demo;

import static io.millrace.dataset.Preconditions.checkArgument;

import io.millrace.jobs.demo.CellPictures.Cell;
import io.millrace.jobs.demo.CellPictures.Picture;
import java.awt.image.BufferedImage;
import java.awt.image.RescaleOp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
      Files.write(images.resolve(name + ".jpg"), jpeg(picture.image()));
      Files.writeString(annotations.resolve(name + ".xml"), voc(name, picture.cells()));
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
        "This is no picture.\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
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
    Files.write(images.resolve(name + ".jpg"), content);
    Files.writeString(annotations.resolve(name + ".xml"), voc(name, cells));
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

  private static String voc(String name, List<Cell> cells) {
    StringBuilder xml = new StringBuilder();
    xml.append(
        """
        <annotation>
          <folder>JPEGImages</folder>
          <filename>%s.jpg</filename>
          <source>
            <database>Millrace demo</database>
          </source>
          <size>
            <width>%d</width>
            <height>%d</height>
            <depth>3</depth>
          </size>
          <segmented>0</segmented>
        """
            .formatted(name, CellPictures.WIDTH, CellPictures.HEIGHT));
    for (Cell cell : cells) {
      xml.append(
          """
            <object>
              <name>%s</name>
              <pose>Unspecified</pose>
              <truncated>0</truncated>
              <occluded>0</occluded>
              <difficult>0</difficult>
              <bndbox>
                <xmin>%d</xmin>
                <ymin>%d</ymin>
                <xmax>%d</xmax>
                <ymax>%d</ymax>
              </bndbox>
            </object>
          """
              .formatted(cell.kind().label(), cell.xMin(), cell.yMin(), cell.xMax(), cell.yMax()));
    }
    return xml.append("</annotation>\n").toString();
  }
}
