package io.millrace.ingestion.probe

import java.nio.{ByteBuffer, ByteOrder}
import java.nio.charset.StandardCharsets

/** Recordings and videos made for a test, byte by byte. */
object Media {

  /** A WAV file of these chunks. */
  def wavOf(chunks: Array[Byte]*): Array[Byte] = riff("RIFF", chunks: _*)

  def riff(form: String, chunks: Array[Byte]*): Array[Byte] = {
    val body = ascii("WAVE") ++ chunks.flatten
    ascii(form) ++ little(body.length) ++ body
  }

  /** Silence of 16 bits a sample. */
  def wav(samples: Int, rate: Int = 8000, channels: Int = 1): Array[Byte] =
    wavOf(format(1, channels, rate, 16), chunk("data", new Array[Byte](samples * channels * 2)))

  def format(codec: Int, channels: Int, rate: Int, bits: Int): Array[Byte] = {
    val frame = channels * bits / 8
    chunk(
      "fmt ",
      short(codec) ++ short(channels) ++ little(rate) ++ little(rate * frame) ++ short(frame) ++
        short(bits))
  }

  /** A chunk, filled up to an even length. */
  def chunk(name: String, body: Array[Byte]): Array[Byte] =
    ascii(name) ++ little(body.length) ++ body ++ new Array[Byte](body.length % 2)

  /** An MP4 file of one track of pictures; the index at its end. */
  def mp4(width: Int, height: Int, seconds: Int, brand: String = "isom"): Array[Byte] =
    ftyp(brand) ++ box("mdat", new Array[Byte](500)) ++ index(width, height, seconds * 1000L)

  def ftyp(brand: String = "isom"): Array[Byte] = box("ftyp", ascii(brand) ++ big(512) ++ ascii(brand))

  def index(width: Int, height: Int, milliseconds: Long, more: Array[Byte]*): Array[Byte] =
    box("moov", mvhd(milliseconds) ++ track(1, "vide", width, height) ++ more.flatten)

  def mvhd(milliseconds: Long): Array[Byte] =
    box("mvhd", big(0) ++ big(0) ++ big(0) ++ big(1000) ++ big(milliseconds.toInt) ++ new Array[Byte](80))

  def longMvhd(milliseconds: Long): Array[Byte] =
    box("mvhd", big(1 << 24) ++ long(0) ++ long(0) ++ big(1000) ++ long(milliseconds) ++ new Array[Byte](80))

  def track(id: Int, handler: String, width: Int, height: Int): Array[Byte] = {
    val header = big(0) ++ big(0) ++ big(0) ++ big(id) ++ big(0) ++ big(0) ++ new Array[Byte](16) ++
      new Array[Byte](36) ++ big(width << 16) ++ big(height << 16)
    val times = box("mdhd", big(0) ++ big(0) ++ big(0) ++ big(1000) ++ big(0) ++ big(0))
    val kind = box("hdlr", big(0) ++ big(0) ++ ascii(handler) ++ new Array[Byte](13))
    box("trak", box("tkhd", header) ++ box("mdia", times ++ kind))
  }

  /** A fragment of so many samples of 40 ms, each with its own duration if wanted. */
  def fragment(id: Int, samples: Int, own: Boolean): Array[Byte] = {
    val header =
      if (own) box("tfhd", big(0) ++ big(id)) else box("tfhd", big(8) ++ big(id) ++ big(40))
    val run =
      if (own) box("trun", big(0x100) ++ big(samples) ++ Array.fill(samples)(big(40)).flatten)
      else box("trun", big(0) ++ big(samples))
    box("moof", box("mfhd", big(0) ++ big(1)) ++ box("traf", header ++ run)) ++
      box("mdat", new Array[Byte](100))
  }

  def box(name: String, body: Array[Byte]): Array[Byte] = big(body.length + 8) ++ ascii(name) ++ body

  /** A box that gives its size in 64 bits. */
  def longBox(name: String, body: Array[Byte]): Array[Byte] =
    big(1) ++ ascii(name) ++ long(body.length + 16L) ++ body

  def ascii(text: String): Array[Byte] = text.getBytes(StandardCharsets.ISO_8859_1)

  def little(value: Int): Array[Byte] =
    ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array

  def short(value: Int): Array[Byte] =
    ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(value.toShort).array

  def big(value: Int): Array[Byte] = ByteBuffer.allocate(4).putInt(value).array

  def long(value: Long): Array[Byte] = ByteBuffer.allocate(8).putLong(value).array
}
