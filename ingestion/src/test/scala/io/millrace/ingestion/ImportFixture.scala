package io.millrace.ingestion

import java.nio.charset.StandardCharsets
import java.nio.file.{Files, Path}

import io.millrace.ingestion.probe.Images

/** Directories of images and annotation files, made for a test. */
object ImportFixture {

  /** An object of an annotation file: its label and xmin, ymin, xmax, ymax. */
  type Box = (String, Seq[Int])

  val Cat: Box = ("cat", Seq(1, 2, 10, 12))

  def write(directory: Path, path: String, bytes: Array[Byte]): Path = {
    val file = directory.resolve(path)
    Files.createDirectories(file.getParent)
    Files.write(file, bytes)
  }

  def write(directory: Path, path: String, text: String): Path =
    write(directory, path, text.getBytes(StandardCharsets.UTF_8))

  def voc(fileName: String, boxes: Seq[Box], width: Int = 40, height: Int = 30): String = {
    val objects = boxes.map { case (label, Seq(xMin, yMin, xMax, yMax)) =>
      s"""<object><name>$label</name><pose>Unspecified</pose><truncated>0</truncated>
         |<difficult>0</difficult><bndbox><xmin>$xMin</xmin><ymin>$yMin</ymin><xmax>$xMax</xmax>
         |<ymax>$yMax</ymax></bndbox></object>""".stripMargin
    }
    s"""<annotation><folder>in</folder><filename>$fileName</filename>
       |<path>/home/nobody/$fileName</path><source><database>Unknown</database></source>
       |<size><width>$width</width><height>$height</height><depth>3</depth></size>
       |<segmented>0</segmented>${objects.mkString}</annotation>""".stripMargin
  }

  /** An image of 40 x 30 pixels with its annotation file beside it. */
  def pair(directory: Path, name: String, boxes: Box*): Unit = {
    write(directory, s"$name.jpg", Images.jpeg(40, 30))
    val fileName = name.substring(name.lastIndexOf('/') + 1) + ".jpg"
    write(directory, s"$name.xml", voc(fileName.replace("&", "&amp;"), boxes))
  }
}
