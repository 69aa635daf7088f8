package io.millrace.jobs.bench;

import io.millrace.dataset.Limits;
import io.millrace.ingestion.ImportConfig;
import io.millrace.ingestion.probe.ImageProbe;
import io.millrace.ingestion.probe.Probed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The least that anything in Java has to do with a VOC directory, in one thread: list it, read each
 * image's header, go once over each annotation file. It keeps nothing.
 */
final class VocLoop {
  private static final ImageProbe PROBE =
      new ImageProbe(Limits.DEFAULT.imageBytes(), ImportConfig.DEFAULT_MAX_PIXELS);

  private VocLoop() {}

  static void run(Path directory, long images) throws IOException, XMLStreamException {
    XMLInputFactory xml = XMLInputFactory.newInstance();
    xml.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    xml.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    long sound = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve("JPEGImages"))) {
      for (Path file : files) {
        Probed probed = PROBE.probe(() -> Files.newInputStream(file), Files.size(file));
        String name = file.getFileName().toString().replace(".jpg", ".xml");
        if (probed instanceof Probed.Image
            && objects(xml, directory.resolve("Annotations").resolve(name)) > 0) {
          sound++;
        }
      }
    }
    if (sound != images) {
      throw new IllegalStateException("%s of %s images are sound".formatted(sound, images));
    }
  }

  private static int objects(XMLInputFactory xml, Path file)
      throws IOException, XMLStreamException {
    int objects = 0;
    try (InputStream bytes = Files.newInputStream(file)) {
      XMLStreamReader reader = xml.createXMLStreamReader(bytes);
      while (reader.hasNext()) {
        if (reader.next() == XMLStreamReader.START_ELEMENT
            && reader.getLocalName().equals("object")) {
          objects++;
        }
      }
      reader.close();
    }
    return objects;
  }
}
