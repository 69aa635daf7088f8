package io.millrace.jobs.bench;

import static io.millrace.dataset.Preconditions.checkArgument;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/**
 * Writes manifests from a seed, in ModelArts' order and spelling of fields: of ten lines seven
 * classify an image, two name a file of objects, and one is of another task (a text's label, its
 * entities, a recording's content, an image without a label). Some 300 bytes a line.
 */
final class ManifestFile {
  private static final String[] LABELS = {
    "cat", "dog", "Persian cat", "red blood cell", "platelet", "daisy", "tulip", "sunflower", "car",
    "pedestrian", "traffic light", "猫", "红细胞", "dandelion", "rose", "bicycle", "bus", "truck"
  };
  private static final String[] COLORS = {"white", "black", "grey", "brown", "red", "yellow"};
  private static final String[] WORDS = {
    "the",
    "product",
    "arrived",
    "late",
    "but",
    "works",
    "as",
    "described",
    "and",
    "I",
    "would",
    "buy",
    "it",
    "again",
    "for",
    "this",
    "price",
    "because",
    "quality",
    "is",
    "good"
  };

  private ManifestFile() {}

  /** Writes a manifest of all tasks and returns its size in bytes. */
  static long write(Path file, long lines, long seed) throws IOException {
    checkArgument(lines >= 1, "Invalid number of lines: %s (expected at least 1)", lines);
    Random random = new Random(seed);
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      for (long line = 0; line < lines; line++) {
        writer.write(line(line, random));
        writer.write('\n');
      }
    }
    return Files.size(file);
  }

  /** Writes a manifest of labelled texts, which needs no file beside it. */
  static void writeTexts(Path file, long lines, long seed) throws IOException {
    Random random = new Random(seed);
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      for (long line = 0; line < lines; line++) {
        writer.write(
            "{\"source\":\"content://%d %s\",\"annotation\":[%s],\"sample-type\":1}\n"
                .formatted(
                    line,
                    sentence(random, 6),
                    annotation("text_classification", label(random), "", random)));
      }
    }
  }

  private static String line(long number, Random random) {
    int kind = random.nextInt(100);
    if (kind < 70) {
      return sample(number, "jpg", classification(random), random);
    }
    if (kind < 90) {
      return sample(number, "jpg", objects(number, random), random);
    }
    return switch (kind % 4) {
      case 0 ->
          text(
              sentence(random, 14),
              annotation("text_classification", label(random), "", random),
              random);
      case 1 -> text(sentence(random, 14), entity(random), random);
      case 2 -> sample(number, "wav", speech(random), random);
      default -> sample(number, "jpg", "", random);
    };
  }

  private static String sample(long number, String extension, String annotations, Random random) {
    return "{\"source\":\"s3://training-data/pets/2026/part-%04d/image_%08d.%s\",\"id\":\"%s\",\"usage\":\"%s\"%s%s,\"sample-type\":%d}"
        .formatted(
            number / 1000,
            number,
            extension,
            hex(random),
            random.nextInt(5) == 0 ? "EVAL" : "TRAIN",
            random.nextInt(10) == 0
                ? String.format(
                    Locale.ROOT,
                    ",\"hard\":\"true\",\"hard-coefficient\":%.2f",
                    random.nextDouble())
                : "",
            annotations.isEmpty() ? "" : ",\"annotation\":[" + annotations + "]",
            extension.equals("wav") ? 2 : 0);
  }

  private static String text(String content, String annotation, Random random) {
    return "{\"source\":\"content://%s\",\"id\":\"%s\",\"usage\":\"TRAIN\",\"annotation\":[%s],\"sample-type\":1}"
        .formatted(content, hex(random), annotation);
  }

  private static String classification(Random random) {
    String property =
        random.nextBoolean()
            ? ",\"property\":{\"color\":\"%s\",\"kind\":\"%s\"}"
                .formatted(COLORS[random.nextInt(COLORS.length)], label(random))
            : "";
    return annotation("image_classification", label(random), property, random);
  }

  private static String objects(long number, Random random) {
    return "{\"type\":\"modelarts/object_detection\",\"annotation-loc\":\"s3://training-data/pets/annotation/V001/annotations/image_%08d_%s.xml\",\"annotation-format\":\"PASCAL VOC\"%s}"
        .formatted(number, hex(random).substring(0, 12), origin(random));
  }

  private static String entity(Random random) {
    int start = random.nextInt(20);
    String property =
        ",\"property\":{\"@modelarts:start_index\":%d,\"@modelarts:end_index\":%d}"
            .formatted(start, start + 1 + random.nextInt(10));
    return annotation("text_entity", label(random), property, random);
  }

  private static String speech(Random random) {
    return "{\"type\":\"modelarts/audio_content\",\"property\":{\"@modelarts:content\":\"%s\"}%s}"
        .formatted(sentence(random, 10), origin(random));
  }

  private static String annotation(String type, String label, String property, Random random) {
    return "{\"type\":\"modelarts/%s\",\"name\":\"%s\"%s%s}"
        .formatted(type, label, property, origin(random));
  }

  /** Who annotated it, and when; machines also say how sure they are. */
  private static String origin(Random random) {
    String time =
        "2026-%02d-%02d %02d:%02d:%02d"
            .formatted(
                1 + random.nextInt(12),
                1 + random.nextInt(28),
                random.nextInt(24),
                random.nextInt(60),
                random.nextInt(60));
    return random.nextInt(4) > 0
        ? ",\"annotated-by\":\"human\",\"creation-time\":\"%s\"".formatted(time)
        : String.format(
            Locale.ROOT,
            ",\"annotated-by\":\"modelarts/active-learning\",\"confidence\":%.4f,\"creation-time\":\"%s\"",
            random.nextDouble(),
            time);
  }

  private static String label(Random random) {
    return LABELS[random.nextInt(LABELS.length)];
  }

  private static String hex(Random random) {
    return "%016x%016x".formatted(random.nextLong(), random.nextLong());
  }

  private static String sentence(Random random, int words) {
    StringBuilder sentence = new StringBuilder(WORDS[random.nextInt(WORDS.length)]);
    for (int i = 1; i < words; i++) {
      sentence.append(' ').append(WORDS[random.nextInt(WORDS.length)]);
    }
    return sentence.toString();
  }
}
