package io.millrace.jobs.demo;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Draws pictures that look a little like blood under a microscope: three kinds of cells, varied in
 * number, place, light and sharpness. The same seed draws the same pictures.
 */
final class CellPictures {
  static final int WIDTH = 320;
  static final int HEIGHT = 240;
  private static final double MAX_OVERLAP = 0.2;

  /** The kinds of cells, with the range of their radius in pixels. */
  enum CellKind {
    ERYTHROCYTE(11, 15),
    LEUKOCYTE(22, 30),
    THROMBOCYTE(4, 6);

    private final int minRadius;
    private final int maxRadius;

    CellKind(int minRadius, int maxRadius) {
      this.minRadius = minRadius;
      this.maxRadius = maxRadius;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A cell in a picture; the box is in whole pixels and lies inside the picture. */
  record Cell(CellKind kind, int xMin, int yMin, int xMax, int yMax) {}

  /** A picture and the cells that can be seen in it. */
  record Picture(BufferedImage image, List<Cell> cells) {}

  /**
   * How a picture was taken.
   *
   * @param light factor on every pixel; 1 is normal, below 0.6 is dark
   * @param blurRadius in pixels; 0 is sharp
   */
  record Exposure(double light, int blurRadius) {
    Exposure {
      checkArgument(
          light > 0 && light <= 2, "Invalid light: %s (expected above 0, at most 2)", light);
      checkArgument(
          blurRadius >= 0 && blurRadius <= 10, "Invalid blur: %s (expected 0 to 10)", blurRadius);
    }

    /** Mostly normal; one picture in ten is dark, one in ten blurred. */
    static Exposure draw(Random random) {
      double light = 0.85 + 0.3 * random.nextDouble();
      int blurRadius = random.nextInt(3) == 0 ? 1 : 0;
      return switch (random.nextInt(10)) {
        case 0 -> new Exposure(0.35 + 0.15 * random.nextDouble(), blurRadius);
        case 1 -> new Exposure(light, 3 + random.nextInt(2));
        default -> new Exposure(light, blurRadius);
      };
    }
  }

  private CellPictures() {}

  static Picture draw(Random random) {
    return draw(random, Exposure.draw(random));
  }

  static Picture draw(Random random, Exposure exposure) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    paintBackground(graphics, random);
    List<Cell> cells = placeCells(random);
    cells.forEach(cell -> paint(graphics, cell, random));
    graphics.dispose();
    return new Picture(developed(image, exposure, random), cells);
  }

  private static List<Cell> placeCells(Random random) {
    List<Cell> cells = new ArrayList<>();
    addCells(cells, CellKind.LEUKOCYTE, random.nextInt(5) == 0 ? 2 : 1, random);
    addCells(cells, CellKind.ERYTHROCYTE, 5 + random.nextInt(9), random);
    addCells(cells, CellKind.THROMBOCYTE, random.nextInt(5), random);
    return cells;
  }

  private static void addCells(List<Cell> cells, CellKind kind, int count, Random random) {
    for (int attempt = 0, placed = 0; placed < count && attempt < 20 * count; attempt++) {
      int radiusX = kind.minRadius + random.nextInt(kind.maxRadius - kind.minRadius + 1);
      int radiusY = kind.minRadius + random.nextInt(kind.maxRadius - kind.minRadius + 1);
      int x = radiusX + random.nextInt(WIDTH - 2 * radiusX);
      int y = radiusY + random.nextInt(HEIGHT - 2 * radiusY);
      Cell cell = new Cell(kind, x - radiusX, y - radiusY, x + radiusX, y + radiusY);
      if (cells.stream().allMatch(other -> overlap(cell, other) <= MAX_OVERLAP)) {
        cells.add(cell);
        placed++;
      }
    }
  }

  /** The intersection's share of the smaller box. */
  private static double overlap(Cell a, Cell b) {
    int width = Math.min(a.xMax, b.xMax) - Math.max(a.xMin, b.xMin);
    int height = Math.min(a.yMax, b.yMax) - Math.max(a.yMin, b.yMin);
    return width <= 0 || height <= 0 ? 0 : (double) width * height / Math.min(area(a), area(b));
  }

  private static int area(Cell cell) {
    return (cell.xMax - cell.xMin) * (cell.yMax - cell.yMin);
  }

  private static void paintBackground(Graphics2D graphics, Random random) {
    Color plasma = tinted(new Color(232, 214, 204), random, 10);
    graphics.setColor(plasma);
    graphics.fillRect(0, 0, WIDTH, HEIGHT);
    graphics.setPaint(
        new RadialGradientPaint(
            WIDTH / 2f,
            HEIGHT / 2f,
            WIDTH / 1.5f,
            new float[] {0f, 1f},
            new Color[] {new Color(255, 255, 255, 40), new Color(120, 100, 90, 60)}));
    graphics.fillRect(0, 0, WIDTH, HEIGHT);
  }

  private static void paint(Graphics2D graphics, Cell cell, Random random) {
    switch (cell.kind) {
      case ERYTHROCYTE -> {
        Color rim = tinted(new Color(206, 120, 116), random, 12);
        Color middle = tinted(new Color(228, 176, 168), random, 8);
        fillGradient(graphics, cell, middle, rim);
      }
      case LEUKOCYTE -> {
        fillGradient(
            graphics, cell, tinted(new Color(196, 176, 214), random, 8), new Color(212, 196, 220));
        paintNucleus(graphics, cell, random);
      }
      case THROMBOCYTE -> {
        Color body = tinted(new Color(148, 104, 168), random, 14);
        fillGradient(graphics, cell, body.darker(), body);
      }
    }
  }

  /** A nucleus of two to four lobes. */
  private static void paintNucleus(Graphics2D graphics, Cell cell, Random random) {
    double centerX = (cell.xMin + cell.xMax) / 2.0;
    double centerY = (cell.yMin + cell.yMax) / 2.0;
    double radius = (cell.xMax - cell.xMin) / 2.0;
    graphics.setColor(tinted(new Color(98, 60, 140), random, 12));
    int lobes = 2 + random.nextInt(3);
    double turn = random.nextDouble() * 2 * Math.PI;
    for (int lobe = 0; lobe < lobes; lobe++) {
      double angle = turn + 2 * Math.PI * lobe / lobes;
      double x = centerX + 0.33 * radius * Math.cos(angle);
      double y = centerY + 0.33 * radius * Math.sin(angle);
      double lobeRadius = radius * (0.36 + 0.1 * random.nextDouble());
      graphics.fill(
          new Ellipse2D.Double(x - lobeRadius, y - lobeRadius, 2 * lobeRadius, 2 * lobeRadius));
    }
  }

  private static void fillGradient(Graphics2D graphics, Cell cell, Color middle, Color rim) {
    float centerX = (cell.xMin + cell.xMax) / 2f;
    float centerY = (cell.yMin + cell.yMax) / 2f;
    float radius = Math.max(cell.xMax - cell.xMin, cell.yMax - cell.yMin) / 2f;
    graphics.setPaint(
        new RadialGradientPaint(
            centerX, centerY, radius, new float[] {0.25f, 0.85f}, new Color[] {middle, rim}));
    graphics.fill(
        new Ellipse2D.Double(cell.xMin, cell.yMin, cell.xMax - cell.xMin, cell.yMax - cell.yMin));
  }

  private static Color tinted(Color color, Random random, int spread) {
    return new Color(
        shifted(color.getRed(), random, spread),
        shifted(color.getGreen(), random, spread),
        shifted(color.getBlue(), random, spread));
  }

  private static int shifted(int value, Random random, int spread) {
    return clamped(value + random.nextInt(2 * spread + 1) - spread);
  }

  private static int clamped(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }

  private static BufferedImage developed(BufferedImage image, Exposure exposure, Random random) {
    BufferedImage focused = exposure.blurRadius == 0 ? image : blurred(image, exposure.blurRadius);
    BufferedImage developed = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        Color color = new Color(focused.getRGB(x, y));
        double noise = 3 * random.nextGaussian();
        int red = clamped(color.getRed() * exposure.light + noise);
        int green = clamped(color.getGreen() * exposure.light + noise);
        int blue = clamped(color.getBlue() * exposure.light + noise);
        developed.setRGB(x, y, new Color(red, green, blue).getRGB());
      }
    }
    return developed;
  }

  private static BufferedImage blurred(BufferedImage image, int radius) {
    int size = 2 * radius + 1;
    float[] weights = new float[size * size];
    Arrays.fill(weights, 1f / weights.length);
    // The image with a mirrored border, so that the filter has neighbours everywhere.
    BufferedImage padded =
        new BufferedImage(WIDTH + 2 * radius, HEIGHT + 2 * radius, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < padded.getHeight(); y++) {
      for (int x = 0; x < padded.getWidth(); x++) {
        padded.setRGB(
            x, y, image.getRGB(mirrored(x - radius, WIDTH), mirrored(y - radius, HEIGHT)));
      }
    }
    BufferedImage filtered =
        new ConvolveOp(new Kernel(size, size, weights), ConvolveOp.EDGE_NO_OP, null)
            .filter(padded, null);
    BufferedImage result = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = result.createGraphics();
    graphics.drawImage(filtered, -radius, -radius, null);
    graphics.dispose();
    return result;
  }

  private static int mirrored(int index, int length) {
    return index < 0 ? -index : index >= length ? 2 * length - 2 - index : index;
  }
}
