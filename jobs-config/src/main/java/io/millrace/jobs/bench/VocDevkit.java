package io.millrace.jobs.bench;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Writes a Pascal VOC directory from a seed, in the layout of the VOC challenge: {@code
 * JPEGImages}, {@code Annotations} and {@code ImageSets/Main}. Pictures repeat, names and boxes do
 * not.
 */
final class VocDevkit {
  static final int WIDTH = 500;
  static final int HEIGHT = 375;

  private static final int DIFFERENT_PICTURES = 32;
  private static final int TRAIN_OF_TEN = 8;
  private static final List<String> LABELS =
      List.of(
          "aeroplane", "bicycle", "bird", "boat", "bus", "car", "cat", "dog", "person", "train");

  private VocDevkit() {}

  static void write(Path directory, long images, long seed) throws IOException {
    Path pictures = Files.createDirectories(directory.resolve("JPEGImages"));
    Path annotations = Files.createDirectories(directory.resolve("Annotations"));
    Path sets = Files.createDirectories(directory.resolve("ImageSets").resolve("Main"));
    Random random = new Random(seed);
    List<byte[]> drawn = new ArrayList<>();
    for (int i = 0; i < DIFFERENT_PICTURES; i++) {
      drawn.add(picture(random));
    }
    List<String> train = new ArrayList<>();
    List<String> validation = new ArrayList<>();
    for (long i = 0; i < images; i++) {
      String name = "2026_%06d".formatted(i);
      Files.write(pictures.resolve(name + ".jpg"), drawn.get((int) (i % DIFFERENT_PICTURES)));
      Files.writeString(annotations.resolve(name + ".xml"), annotation(name, random));
      (random.nextInt(10) < TRAIN_OF_TEN ? train : validation).add(name);
    }
    Files.write(sets.resolve("train.txt"), train);
    Files.write(sets.resolve("val.txt"), validation);
  }

  private static byte[] picture(Random random) throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setPaint(new GradientPaint(0, 0, color(random), WIDTH, HEIGHT, color(random)));
    graphics.fillRect(0, 0, WIDTH, HEIGHT);
    for (int i = 0; i < 40; i++) {
      graphics.setColor(color(random));
      graphics.fillOval(
          random.nextInt(WIDTH), random.nextInt(HEIGHT), random.nextInt(80), random.nextInt(80));
    }
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", bytes);
    return bytes.toByteArray();
  }

  private static Color color(Random random) {
    return new Color(random.nextInt(256), random.nextInt(256), random.nextInt(256));
  }

  private static String annotation(String name, Random random) {
    StringBuilder xml =
        new StringBuilder(
            """
            <annotation>
              <folder>VOC2026</folder>
              <filename>%s.jpg</filename>
              <source><database>Generated</database></source>
              <size><width>%d</width><height>%d</height><depth>3</depth></size>
              <segmented>0</segmented>
            """
                .formatted(name, WIDTH, HEIGHT));
    int objects = 1 + random.nextInt(4);
    for (int i = 0; i < objects; i++) {
      int left = 1 + random.nextInt(WIDTH - 100);
      int top = 1 + random.nextInt(HEIGHT - 100);
      xml.append(
          """
            <object>
              <name>%s</name>
              <pose>Unspecified</pose>
              <truncated>0</truncated>
              <occluded>0</occluded>
              <difficult>0</difficult>
              <bndbox><xmin>%d</xmin><ymin>%d</ymin><xmax>%d</xmax><ymax>%d</ymax></bndbox>
            </object>
          """
              .formatted(
                  LABELS.get(random.nextInt(LABELS.size())),
                  left,
                  top,
                  left + 10 + random.nextInt(80),
                  top + 10 + random.nextInt(80)));
    }
    return xml.append("</annotation>\n").toString();
  }
}
