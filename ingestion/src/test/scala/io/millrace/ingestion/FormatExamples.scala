package io.millrace.ingestion

import java.nio.file.Path

import io.millrace.dataset.LabelTaskType
import io.millrace.dataset.LabelTaskType._
import io.millrace.ingestion.ImportFixture._
import io.millrace.ingestion.probe.{Images, Media}

/** A small sound source of every format, of files with awkward names. */
object FormatExamples {

  /** Awkward for addresses, shells, object stores, other systems, or for those who ignore case. */
  val names: Seq[String] =
    Seq("a b", "a+b", "100%", "50%20x", "a#b", "q?x=1&y", "狗 图", "😀", "Case", "case")

  /**
   * A source.
   *
   * @param samples how many it holds
   * @param labels distinct ones
   * @param make fills a directory, and gives the source in it
   */
  case class Example(
      format: ImportFormat,
      taskType: LabelTaskType,
      samples: Int,
      labels: Int,
      make: Path => Path)

  val all: Seq[Example] = Seq(
    ofDirectory(ImportFormat.VOC, OBJECT_DETECTION, labels = 1) { source =>
      names.foreach(name => pair(source, s"in/$name", Cat))
    },
    ofDirectory(ImportFormat.IMAGENET, IMAGE_CLASSIFICATION, labels = names.size) { source =>
      names.foreach(name => write(source, s"$name/1.png", Images.png(9, 9)))
    },
    ofDirectory(ImportFormat.IMAGE_TXT, IMAGE_CLASSIFICATION, labels = 2) { source =>
      names.foreach { name =>
        write(source, s"$name.jpg", Images.jpeg(9, 9))
        write(source, s"$name.txt", "\uFEFFcat\r\n狗\r\n")
      }
    },
    ofDirectory(ImportFormat.YOLO, OBJECT_DETECTION, labels = 1) { source =>
      write(source, "obj.names", "cat\ndog\n")
      write(
        source,
        "obj.data",
        "classes = 2\nnames = obj.names\ntrain = train.txt\nvalid = valid.txt\nbackup = backup/\n")
      val (train, valid) = names.splitAt(8)
      for ((set, of) <- Seq("train" -> train, "valid" -> valid)) {
        of.foreach { name =>
          write(source, s"obj_${set}_data/$name.jpg", Images.jpeg(40, 30))
          write(source, s"obj_${set}_data/$name.txt", "1 0.5 0.5 0.25 0.5\n")
        }
        write(source, s"$set.txt", of.map(name => s"obj_${set}_data/$name.jpg").mkString("\n"))
      }
    },
    ofDirectory(ImportFormat.IMAGE_SEGMENTATION, IMAGE_SEGMENTATION, labels = 1) { source =>
      names.foreach { name =>
        write(source, s"$name.jpg", Images.jpeg(40, 30))
        val box = "<bndbox>.*</bndbox>".r
        val corners = "<polygon><x1>1</x1><y1>2</y1><x2>20</x2><y2>2</y2><x3>9</x3><y3>25</y3>" +
          "</polygon>"
        val file = voc(escaped(s"$name.jpg"), Seq(Cat)).replace("\n", " ")
        write(source, s"$name.xml", box.replaceFirstIn(file, corners))
      }
    },
    ofDirectory(ImportFormat.COCO, OBJECT_DETECTION, labels = 1) { source =>
      val images = names.zipWithIndex.map { case (name, i) =>
        write(source, s"images/$name.jpg", Images.jpeg(40, 30))
        s"""{"id": $i, "file_name": "$name.jpg", "width": 40, "height": 30}"""
      }
      val boxes = names.indices.map(i =>
        s"""{"id": $i, "image_id": $i, "category_id": 7, "bbox": [1, 2, 10, 12], "iscrowd": 0}""")
      write(
        source,
        "annotations/instances_train.json",
        s"""{"images": ${images.mkString("[", ",", "]")}, "annotations": ${boxes.mkString(
            "[", ",", "]")}, "categories": [{"id": 7, "name": "cat"}]}""")
    },
    ofDirectory(ImportFormat.TEXT_COMBINED, TEXT_CLASSIFICATION, labels = 2) { source =>
      write(
        source,
        "in.txt",
        names.map(name => s"text of $name\t好,bad").mkString("", "\r\n", "").getBytes("GBK"))
    }.copy(samples = 10),
    ofDirectory(ImportFormat.TEXT_SEPARATE, TEXT_CLASSIFICATION, labels = 1) { source =>
      names.foreach { name =>
        write(source, s"$name.txt", s"text of $name")
        write(source, s"${name}_result.txt", "good\n")
      }
    },
    ofDirectory(ImportFormat.AUDIO_DIR, AUDIO_CLASSIFICATION, labels = names.size) { source =>
      names.foreach(name => write(source, s"$name/1.wav", Media.wav(80)))
    },
    ofDirectory(ImportFormat.UNLABELLED, VIDEO_ANNOTATION, labels = 0) { source =>
      names.foreach(name => write(source, s"$name.mp4", Media.mp4(8, 8, 1)))
    },
    Example(
      ImportFormat.MANIFEST,
      IMAGE_CLASSIFICATION,
      names.size,
      1,
      directory =>
        write(
          directory,
          "x.manifest",
          names
            .map { name =>
              val file = write(directory, s"$name.jpg", Images.jpeg(9, 9))
              s"""{"source": "$file", "annotation": [{"type": "modelarts/image_classification", """ +
                """"name": "cat"}]}"""
            }
            .mkString("\r\n"))
    ),
    Example(
      ImportFormat.SAGEMAKER,
      IMAGE_CLASSIFICATION,
      names.size,
      1,
      directory =>
        write(
          directory,
          "output.manifest",
          names
            .map { name =>
              val file = write(directory, s"$name.jpg", Images.jpeg(9, 9))
              s"""{"source-ref": "$file", "kind": 0, "kind-metadata": {"class-name": "cat", """ +
                """"type": "groundtruth/image-classification", "confidence": 0.9}}"""
            }
            .mkString("\n"))
    ),
    ofDirectory(ImportFormat.HUGGINGFACE, IMAGE_CLASSIFICATION, labels = 1) { source =>
      names.foreach(name => write(source, s"train/$name.jpg", Images.jpeg(9, 9)))
      write(
        source,
        "train/metadata.jsonl",
        names.map(name => s"""{"file_name": "$name.jpg", "label": "cat"}""").mkString("\n"))
    }
  )

  private def ofDirectory(format: ImportFormat, taskType: LabelTaskType, labels: Int)(
      fill: Path => Any): Example =
    Example(
      format,
      taskType,
      names.size,
      labels,
      { directory =>
        fill(directory)
        directory
      })

  private def escaped(text: String): String = text.replace("&", "&amp;")
}
