import Core

/// Draws a scene: 3×3 samples per pixel for the picture, the pixel's centre for the labels.
enum SceneRenderer {
  /// Samples per pixel along each side; odd, so that one of them is the pixel's centre.
  private static let samples = 3
  /// The lens spreads a point over a tent of five samples.
  private static let tent: [Float] = [1 / 9, 2 / 9, 3 / 9, 2 / 9, 1 / 9]
  /// Rows of pixels that are drawn at a time.
  private static let bandRows = 24

  static func camera(for scene: Scene, width: Int, height: Int) -> Camera {
    .dashboard(
      position: scene.camera.position, pitch: scene.camera.pitch, yaw: scene.camera.yaw,
      width: width, height: height)
  }

  /// The class at the centre of each pixel.
  static func labels(of scene: Scene, width: Int, height: Int) -> LabelMap {
    let size = Vector2(Float(width), Float(height))
    let camera = camera(for: scene, width: width, height: height)
    let patches = Patch.all(of: scene.world, from: camera, size: size)
    var values = [UInt16](repeating: StreetClass.sky.rawValue, count: width * height)
    var buffer = VisibilityBuffer(width: width, rows: bandRows)
    for top in stride(from: 0, to: height, by: bandRows) {
      buffer.draw(patches, fromRow: top, for: .label)
      for i in 0..<(width * min(bandRows, height - top)) where buffer.patch[i] >= 0 {
        values[top * width + i] = patches[Int(buffer.patch[i])].face.label.rawValue
      }
    }
    return LabelMap(width: width, height: height, values: values)
  }

  /// The picture, band by band: visibility of all samples, their light, lens and sensor.
  static func picture(of scene: Scene, width: Int, height: Int) -> Picture {
    let (wide, tall) = (width * samples, height * samples)
    let camera = camera(for: scene, width: wide, height: tall)
    let shader = Shader(scene: scene, camera: camera)
    let patches = Patch.all(of: scene.world, from: camera, size: Vector2(Float(wide), Float(tall)))
    let faces = patches.map(\.face)
    let sensor = Sensor(
      width: width, height: height, exposure: scene.light.exposure, seed: scene.noiseSeed)
    var picture = Picture(width: width, height: height)
    // One row of samples more above and below, for the lens.
    var buffer = VisibilityBuffer(width: wide, rows: bandRows * samples + 2)
    var light = [Vector3](repeating: .zero, count: wide * buffer.rows)
    for top in stride(from: 0, to: height, by: bandRows) {
      buffer.draw(patches, fromRow: top * samples - 1, for: .picture)
      shade(buffer, faces, shader, into: &light)
      let rows = top..<min(height, top + bandRows)
      expose(light, wide, sensor, rows: rows, into: &picture)
    }
    return picture
  }

  /// The light of every sample of the band.
  ///
  /// Inside a surface only every third sample of a row is shaded, shifted from row to row so that
  /// each pixel has three in different rows and columns; those between are joined by straight
  /// lines. The lens blurs more than that.
  private static func shade(
    _ buffer: VisibilityBuffer, _ faces: [Face], _ shader: Shader, into light: inout [Vector3]
  ) {
    let width = buffer.width
    faces.withUnsafeBufferPointer { faces in
      buffer.patch.withUnsafeBufferPointer { numbers in
        light.withUnsafeMutableBufferPointer { light in
          for row in 0..<buffer.rows {
            let y = Float(buffer.top + row) + 0.5
            let first = row * width
            // The shaded columns are those with (column + phase) % 3 == 0.
            let phase = row % 3
            func step(_ column: Int) -> Int { (column + phase) % 3 }
            func isBetween(_ column: Int) -> Bool {
              let start = column - step(column)
              if start == column || start < 0 || start + 3 >= width { return false }
              let number = numbers[first + start]
              return numbers[first + start + 3] == number && numbers[first + start + 1] == number
                && numbers[first + start + 2] == number
            }
            for column in 0..<width where !isBetween(column) {
              let x = Float(column) + 0.5
              let number = Int(numbers[first + column])
              light[first + column] =
                number < 0
                ? shader.light.sky(shader.camera.ray(x, y))
                : shader.radiance(of: faces[number], x, y)
            }
            for column in 0..<width where isBetween(column) {
              let step = step(column)
              let left = light[first + column - step]
              light[first + column] = mix(left, light[first + column - step + 3], Float(step) / 3)
            }
          }
        }
      }
    }
  }

  /// Gathers the samples of each pixel through the lens and develops them.
  private static func expose(
    _ light: [Vector3], _ wide: Int, _ sensor: Sensor, rows: Range<Int>, into picture: inout Picture
  ) {
    let width = picture.width
    light.withUnsafeBufferPointer { light in
      picture.samples.withUnsafeMutableBufferPointer { bytes in
        for y in rows {
          let first = (y - rows.lowerBound) * samples
          for x in 0..<width {
            var sum = Vector3.zero
            for j in 0..<tent.count {
              for i in 0..<tent.count {
                let column = min(max(samples * x + i - 1, 0), wide - 1)
                sum += light[(first + j) * wide + column] * (tent[i] * tent[j])
              }
            }
            let pixel = 3 * (y * width + x)
            let (red, green, blue) = sensor.develop(sum, x: x, y: y)
            bytes[pixel] = red
            bytes[pixel + 1] = green
            bytes[pixel + 2] = blue
          }
        }
      }
    }
  }
}
