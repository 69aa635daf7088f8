package io.millrace.analysis;

import static java.util.Objects.requireNonNull;

/**
 * A metric in words, for people.
 *
 * @param title its name
 * @param meaning what is measured and how to read it
 * @param advice what to do about outliers
 * @param low what images or boxes of low values are called, in the plural
 * @param high likewise for high values
 */
public record MetricText(
    BilingualText title,
    BilingualText meaning,
    BilingualText advice,
    BilingualText low,
    BilingualText high) {
  public MetricText {
    requireNonNull(title, "title is null");
    requireNonNull(meaning, "meaning is null");
    requireNonNull(advice, "advice is null");
    requireNonNull(low, "low is null");
    requireNonNull(high, "high is null");
  }

  public static MetricText of(Metric metric) {
    return switch (metric) {
      case RESOLUTION ->
          new MetricText(
              text("Resolution", "分辨率"),
              text("Width × height of the image.", "图片的宽 × 高。"),
              text("Resize or remove them.", "可缩放或删除这些图片。"),
              text("small images", "张小图片"),
              text("large images", "张大图片"));
      case ASPECT_RATIO ->
          new MetricText(
              text("Aspect ratio", "图片高宽比"),
              text("Height / width of the image.", "图片高度 / 宽度。"),
              text("Check that training resizes them as in production.", "请确认训练与推理的缩放方式一致。"),
              text("wide images", "张宽图片"),
              text("tall images", "张高图片"));
      case BRIGHTNESS ->
          new MetricText(
              text("Brightness", "亮度"),
              text("Perceived brightness: 0 black, 255 white.", "感知亮度：0 为黑，255 为白。"),
              text("Check the exposure, or keep them if the scene is so.", "请检查曝光；若场景如此则可保留。"),
              text("dark images", "张暗图片"),
              text("bright images", "张亮图片"));
      case SATURATION ->
          new MetricText(
              text("Saturation", "饱和度"),
              text("Mean colour saturation: 0 grey, 1 pure colours.", "平均色彩饱和度：0 为灰，1 为纯色。"),
              text("Compare with the images of the real scene.", "请与真实场景的图片比较。"),
              text("pale images", "张低饱和度图片"),
              text("strongly coloured images", "张高饱和度图片"));
      case CLARITY ->
          new MetricText(
              text("Clarity", "清晰度"),
              text("Variance of the Laplacian: low means blurred.", "拉普拉斯方差：值越小越模糊。"),
              text("Look whether they are usable.", "请确认这些图片是否可用。"),
              text("blurred images", "张模糊图片"),
              text("very sharp or noisy images", "张过锐或有噪声的图片"));
      case COLORFULNESS ->
          new MetricText(
              text("Colorfulness", "色彩丰富程度"),
              text(
                  "Hasler–Süsstrunk: 0 grey, above 100 vivid.",
                  "Hasler–Süsstrunk 指标：0 为灰度，100 以上为鲜艳。"),
              text("Compare with the images of the real scene.", "请与真实场景的图片比较。"),
              text("nearly grey images", "张接近灰度的图片"),
              text("vivid images", "张色彩鲜艳的图片"));
      case BOX_COUNT ->
          new MetricText(
              text("Boxes per image", "单张图片的框数"),
              text("Annotated boxes of an image.", "单张图片中目标框的个数。"),
              text("Crowded images are harder: collect more of the kind.", "框越多越难检测，可补充此类数据。"),
              text("images with few boxes", "张框很少的图片"),
              text("crowded images", "张框很多的图片"));
      case BOX_AREA_STD ->
          new MetricText(
              text("Spread of box areas", "框面积标准差"),
              text(
                  "Standard deviation of box area / image area within an image.",
                  "单张图片中框面积占比的标准差；仅一个框时为 0。"),
              text("Boxes of mixed size are harder to detect.", "框大小不一的图片较难检测。"),
              text("images with boxes of one size", "张框大小一致的图片"),
              text("images with boxes of mixed size", "张框大小不一的图片"));
      case BOX_ASPECT_RATIO ->
          new MetricText(
              text("Box aspect ratio", "框高宽比"),
              text("Height / width of a box.", "目标框高度 / 宽度。"),
              text("Compare training with evaluation.", "请比较训练集与验证集。"),
              text("wide boxes", "个宽框"),
              text("tall boxes", "个高框"));
      case BOX_AREA_RATIO ->
          new MetricText(
              text("Box area ratio", "框面积占比"),
              text("Box area / image area.", "目标框面积 / 图片面积。"),
              text("Choose anchors and input size to suit.", "请据此选择锚框与输入尺寸。"),
              text("small boxes", "个小框"),
              text("large boxes", "个大框"));
      case BOX_MARGIN ->
          new MetricText(
              text("Box marginalization", "框边缘化程度"),
              text("0: in the centre of the image, 1: at its border.", "0 为图片中心，1 为图片边界。"),
              text("Objects that are cut off may be left out.", "被截断的物体可不标注。"),
              text("central boxes", "个位于中心的框"),
              text("boxes at the border", "个位于边缘的框"));
      case BOX_OVERLAP ->
          new MetricText(
              text("Box overlap", "框堆叠度"),
              text("Share of a box that other boxes cover.", "目标框被其他框覆盖的比例。"),
              text("Stacked objects are harder: check the annotation.", "堆叠物体较难检测，请检查标注。"),
              text("free boxes", "个无重叠的框"),
              text("boxes mostly covered by others", "个被大量覆盖的框"));
      case BOX_BRIGHTNESS ->
          new MetricText(
              text("Box brightness", "框亮度"),
              text("Perceived brightness of the pixels in a box.", "目标框内像素的感知亮度。"),
              text("Check the lighting of these objects.", "请检查这些物体的光照。"),
              text("dark boxes", "个暗框"),
              text("bright boxes", "个亮框"));
      case BOX_CLARITY ->
          new MetricText(
              text("Box clarity", "框清晰度"),
              text("Variance of the Laplacian of the pixels in a box.", "目标框内像素的拉普拉斯方差。"),
              text("Moving objects blur: take them again if needed.", "运动物体可能模糊，必要时重新采集。"),
              text("blurred boxes", "个模糊框"),
              text("very sharp or noisy boxes", "个过锐或有噪声的框"));
    };
  }

  private static BilingualText text(String english, String chinese) {
    return new BilingualText(english, chinese);
  }
}
