/** Draws tiles of heat onto the map's own canvas, each between what it was and what it becomes. */

/** Without any buffers: the corners of a square are told by their number. `place` is left, top, width, height. */
const VERTEX = `#version 300 es
uniform vec4 place;
out vec2 at;
void main() {
  at = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  gl_Position = vec4(place.xy + at * place.zw, 0.0, 1.0);
}`;

/** Half of each: were one drawn over the other, the ground would shine through where both have heat. */
const FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D before, after;
uniform float share, opacity;
in vec2 at;
out vec4 colour;
void main() {
  colour = mix(texture(before, at), texture(after, at), share) * opacity;
}`;

/** In what WebGL clips at: from -1 to 1 across the canvas, the second upwards. */
export interface Square {
  left: number;
  top: number;
  width: number;
  height: number;
}

export class FilmPainter {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: WebGLProgram;
  /** One clear pixel, where there is no tile. */
  readonly #none: WebGLTexture;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#program = gl.createProgram();
    for (const [kind, source] of [
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, FRAGMENT],
    ] as const) {
      const shader = gl.createShader(kind)!;
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(this.#program, shader);
      gl.deleteShader(shader);
    }
    gl.linkProgram(this.#program);
    this.#none = this.#texture();
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 1, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  upload(bitmap: ImageBitmap): WebGLTexture {
    const gl = this.#gl;
    const texture = this.#texture();
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
    return texture;
  }

  free(texture: WebGLTexture) {
    this.#gl.deleteTexture(texture);
  }

  /** What follows is drawn so far between before and after, this opaque. */
  begin(share: number, opacity: number) {
    const [gl, program] = [this.#gl, this.#program];
    gl.useProgram(program);
    gl.uniform1i(gl.getUniformLocation(program, 'before'), 0);
    gl.uniform1i(gl.getUniformLocation(program, 'after'), 1);
    gl.uniform1f(gl.getUniformLocation(program, 'share'), share);
    gl.uniform1f(gl.getUniformLocation(program, 'opacity'), opacity);
  }

  /** A tile at each of these places. */
  draw(before: WebGLTexture | undefined, after: WebGLTexture | undefined, places: readonly Square[]) {
    const gl = this.#gl;
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, before ?? this.#none);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, after ?? this.#none);
    for (const { left, top, width, height } of places) {
      gl.uniform4f(gl.getUniformLocation(this.#program, 'place'), left, top, width, -height);
      gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
    }
  }

  remove() {
    this.#gl.deleteTexture(this.#none);
    this.#gl.deleteProgram(this.#program);
  }

  #texture(): WebGLTexture {
    const gl = this.#gl;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
      gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
    for (const size of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, size, gl.LINEAR);
    return texture;
  }
}
