package io.millrace.dataset.export.format;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Annotation.ImageObject;
import io.millrace.dataset.Shape;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * Draws objects as an image of their colours on black. A pixel belongs to an object if its centre
 * does; of a line and a point, if they pass through it. Later objects cover earlier ones.
 *
 * <p>With at most 255 colours the image has a palette: black at 0, then the colours that were given
 * first, as the readers of VOC's masks expect; with more its pixels are red, green and blue.
 */
final class MaskPainter {
  private static final int MOST_OF_PALETTE = 256;

  private final int width;
  private final int height;
  private final BufferedImage image;
  private final Map<Integer, Integer> indexes = new LinkedHashMap<>();

  /**
   * @param palette colours in the order of their indexes, from 1; other objects' may follow
   */
  private MaskPainter(int width, int height, List<Integer> palette, List<ImageObject> objects) {
    this.width = width;
    this.height = height;
    indexes.put(0, 0);
    if (palette.size() < MOST_OF_PALETTE) {
      palette.forEach(rgb -> indexes.putIfAbsent(rgb, indexes.size()));
    }
    objects.forEach(object -> indexes.putIfAbsent(rgb(object), indexes.size()));
    this.image =
        indexes.size() <= MOST_OF_PALETTE
            ? new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, colorModel())
            : new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
  }

  /**
   * A PNG image.
   *
   * @param palette colours in the order of their indexes, from 1, whether an object has them or not
   * @param objects each with a mask colour
   */
  static byte[] png(int width, int height, List<Integer> palette, List<ImageObject> objects) {
    MaskPainter painter =
        new MaskPainter(width, height, requireNonNull(palette, "palette is null"), objects);
    objects.forEach(painter::paint);
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.setUseCache(false);
      if (!ImageIO.write(painter.image, "png", bytes)) {
        throw new IllegalStateException("ImageIO writes no PNG of this kind");
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write to memory", e);
    }
  }

  private IndexColorModel colorModel() {
    byte[] red = new byte[indexes.size()];
    byte[] green = new byte[indexes.size()];
    byte[] blue = new byte[indexes.size()];
    indexes.forEach(
        (rgb, index) -> {
          red[index] = (byte) (rgb >> 16);
          green[index] = (byte) (rgb >> 8);
          blue[index] = (byte) (int) rgb;
        });
    return new IndexColorModel(8, indexes.size(), red, green, blue);
  }

  private void paint(ImageObject object) {
    int rgb = rgb(object);
    if (object.shape() instanceof Shape.Mask mask) {
      paintRuns(mask, rgb);
    } else {
      paintArea(object.shape(), rgb);
    }
  }

  /** Runs go column by column; pixels outside the image, of a mask of another size, are left. */
  private void paintRuns(Shape.Mask mask, int rgb) {
    int at = 0;
    boolean inside = false;
    for (int run : mask.runs()) {
      for (int i = at; inside && i < at + run; i++) {
        int x = i / mask.height();
        int y = i % mask.height();
        if (x < width && y < height) {
          set(x, y, rgb);
        }
      }
      at += run;
      inside = !inside;
    }
  }

  /** Draws a stencil of the shape's surroundings, so that Java2D has no colours to convert. */
  private void paintArea(Shape shape, int rgb) {
    Shape.BoundingBox bounds = shape.bounds();
    Rectangle region =
        new Rectangle(
                (int) Math.max(-1, Math.floor(bounds.xMin()) - 1),
                (int) Math.max(-1, Math.floor(bounds.yMin()) - 1),
                0,
                0)
            .union(
                new Rectangle(
                    (int) Math.min(width + 1.0, Math.ceil(bounds.xMax()) + 1),
                    (int) Math.min(height + 1.0, Math.ceil(bounds.yMax()) + 1),
                    0,
                    0))
            .intersection(new Rectangle(width, height));
    if (region.isEmpty()) {
      return;
    }
    BufferedImage stencil =
        new BufferedImage(region.width, region.height, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = stencil.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.translate(-region.x, -region.y);
    graphics.setColor(Color.WHITE);
    draw(shape, graphics);
    graphics.dispose();
    byte[] drawn = ((DataBufferByte) stencil.getRaster().getDataBuffer()).getData();
    for (int y = 0; y < region.height; y++) {
      for (int x = 0; x < region.width; x++) {
        if (drawn[y * region.width + x] != 0) {
          set(region.x + x, region.y + y, rgb);
        }
      }
    }
  }

  private static void draw(Shape shape, Graphics2D graphics) {
    if (shape instanceof Shape.BoundingBox box) {
      graphics.fill(new Rectangle2D.Double(box.xMin(), box.yMin(), box.width(), box.height()));
    } else if (shape instanceof Shape.Circle circle) {
      Shape.BoundingBox box = circle.bounds();
      graphics.fill(new Ellipse2D.Double(box.xMin(), box.yMin(), box.width(), box.height()));
    } else if (shape instanceof Shape.Polygon polygon) {
      Path2D outline = path(polygon.corners());
      outline.closePath();
      graphics.fill(outline);
    } else if (shape instanceof Shape.Polyline polyline) {
      stroke(path(polyline.points()), graphics);
    } else if (shape instanceof Shape.Line line) {
      stroke(path(List.of(line.from(), line.to())), graphics);
    } else if (shape instanceof Shape.Point point) {
      graphics.fill(new Rectangle2D.Double(Math.floor(point.x()), Math.floor(point.y()), 1, 1));
    } else {
      throw new IllegalStateException("Unknown shape " + shape);
    }
  }

  private static void stroke(Path2D path, Graphics2D graphics) {
    graphics.setStroke(new BasicStroke(1, BasicStroke.CAP_SQUARE, BasicStroke.JOIN_MITER));
    graphics.draw(path);
  }

  private static Path2D path(List<Shape.Point> points) {
    Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
    path.moveTo(points.get(0).x(), points.get(0).y());
    points.subList(1, points.size()).forEach(point -> path.lineTo(point.x(), point.y()));
    return path;
  }

  private void set(int x, int y, int rgb) {
    int at = y * width + x;
    if (image.getRaster().getDataBuffer() instanceof DataBufferByte bytes) {
      bytes.getData()[at] = (byte) (int) indexes.get(rgb);
    } else {
      ((DataBufferInt) image.getRaster().getDataBuffer()).getData()[at] = rgb;
    }
  }

  private static int rgb(ImageObject object) {
    return MaskColors.rgb(object.traits().maskColor().orElseThrow());
  }
}
