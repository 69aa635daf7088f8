package io.millrace.ingestion.layout;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Annotation;
import io.millrace.dataset.Annotation.ImageObject;
import io.millrace.dataset.AnnotationInfo;
import io.millrace.dataset.Label;
import io.millrace.dataset.LabelTaskType;
import io.millrace.dataset.ObjectTraits;
import io.millrace.dataset.Shape;
import io.millrace.ingestion.RejectReason;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** The pixels of a mask image, of which each colour is a class or an object. */
final class MaskImage {
  private final BufferedImage pixels;

  private MaskImage(BufferedImage pixels) {
    this.pixels = requireNonNull(pixels, "pixels is null");
  }

  /**
   * Decodes a PNG image. The caller has made sure that it is one, and that its header announces no
   * more pixels than may be.
   *
   * @throws IOException if the storage fails
   * @throws BrokenAnnotationException if the pixels cannot be decoded
   */
  static MaskImage decode(InputStream png) throws IOException, BrokenAnnotationException {
    // Whatever fails from here on is due to the bytes.
    byte[] bytes = png.readAllBytes();
    ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(in, true, true);
      return new MaskImage(reader.read(0));
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new BrokenAnnotationException(
          RejectReason.BROKEN_MASK, "its pixels cannot be decoded: %s.".formatted(e.getMessage()));
    } finally {
      reader.dispose();
    }
  }

  /**
   * One object a class, or, with a mask of objects of the same size, one an object: all pixels of
   * equal colours.
   */
  List<Annotation> objects(MaskClasses classes, Optional<MaskImage> objectMask)
      throws BrokenAnnotationException {
    int width = pixels.getWidth();
    int height = pixels.getHeight();
    int[] classColors = colorsOfClasses(classes);
    int[] objectColors =
        objectMask.isPresent() ? objectMask.get().colors() : new int[classColors.length];
    Map<Integer, OptionalInt> indexes = new HashMap<>();
    Map<Long, Runs> objects = new TreeMap<>();
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        int at = y * width + x;
        OptionalInt index = indexes.get(classColors[at]);
        if (index == null) {
          index = classes.indexOf(classColors[at]);
          indexes.put(classColors[at], index);
        }
        if (index.isPresent()) {
          objects
              .computeIfAbsent(
                  ((long) index.getAsInt() << 32) | objectColors[at], key -> new Runs())
              .add(x * height + y);
        }
      }
    }
    List<Annotation> annotations = new ArrayList<>();
    objects.forEach(
        (key, runs) -> {
          MaskClass mask = classes.classes().get((int) (key >> 32));
          annotations.add(object(mask, key.intValue(), objectMask.isPresent(), runs));
        });
    return annotations;
  }

  private Annotation object(MaskClass mask, int objectColor, boolean hasObjectMask, Runs runs) {
    ObjectTraits defaults = ObjectTraits.DEFAULT;
    ObjectTraits traits =
        new ObjectTraits(
            defaults.pose(),
            defaults.truncated(),
            defaults.occluded(),
            defaults.difficult(),
            Optional.of(hasObjectMask ? MaskClass.color(objectColor) : mask.color()));
    Shape shape =
        new Shape.Mask(
            pixels.getWidth(),
            pixels.getHeight(),
            runs.upTo(pixels.getWidth() * pixels.getHeight()));
    return new ImageObject(
        LabelTaskType.IMAGE_SEGMENTATION,
        new Label(mask.name()),
        shape,
        traits,
        AnnotationInfo.NONE);
  }

  /** The colour of each pixel's class, row by row; a grey value stands for its index. */
  private int[] colorsOfClasses(MaskClasses classes) throws BrokenAnnotationException {
    int[] colors = colors();
    if (isGrey()) {
      for (int i = 0; i < colors.length; i++) {
        colors[i] = classes.rgbOfGrey(colors[i]);
      }
    }
    return colors;
  }

  /**
   * The colour of each pixel, row by row, black where it is transparent; of an image of grey values
   * these.
   */
  private int[] colors() {
    int width = pixels.getWidth();
    int height = pixels.getHeight();
    if (isGrey()) {
      return pixels.getRaster().getSamples(0, 0, width, height, 0, (int[]) null);
    }
    int[] colors = pixels.getRGB(0, 0, width, height, null, 0, width);
    for (int i = 0; i < colors.length; i++) {
      colors[i] = colors[i] >>> 24 == 0 ? 0 : colors[i] & 0xffffff;
    }
    return colors;
  }

  private boolean isGrey() {
    return !(pixels.getColorModel() instanceof IndexColorModel)
        && pixels.getRaster().getNumBands() == 1;
  }

  /** Run lengths of pixels that are added in ascending order. */
  private static final class Runs {
    private final List<Integer> lengths = new ArrayList<>();
    private int end;
    private int length;

    void add(int pixel) {
      if (length > 0 && pixel == end) {
        length++;
      } else {
        if (length > 0) {
          lengths.add(length);
        }
        lengths.add(pixel - end);
        length = 1;
      }
      end = pixel + 1;
    }

    List<Integer> upTo(int pixelCount) {
      lengths.add(length);
      if (end < pixelCount) {
        lengths.add(pixelCount - end);
      }
      return lengths;
    }
  }
}
