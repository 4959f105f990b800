#!/usr/bin/env node
/**
 * Stands in for a native solc: the npm package `solc` (WebAssembly) behind the two calls that
 * py-solc-x and ape make, `--version` and `--standard-json`.
 *
 * Why not the package's own `solcjs`: it prints notes around the JSON and loses the end of a long
 * answer when the pipe is full. Why not a shell wrapper: shells mangle backslashes in the input.
 * tools/install_solc.py links this file into py-solc-x's folder under the name of a native solc.
 */
"use strict";

const fs = require("fs");
const path = require("path");

/** Writes all of `text`, waiting for a reader that is slower than we are. */
function writeAll(fd, text) {
  const bytes = Buffer.from(text, "utf8");
  let done = 0;
  while (done < bytes.length) {
    try {
      done += fs.writeSync(fd, bytes, done);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error; // The pipe is full: try again.
    }
  }
}

/** The value that follows `name`, as `--name value` or `--name=value`. */
function option(argv, name) {
  const index = argv.findIndex((arg) => arg === name || arg.startsWith(name + "="));
  if (index < 0) return undefined;
  return argv[index] === name ? argv[index + 1] : argv[index].slice(name.length + 1);
}

/** Reads an imported file below `basePath`; native solc's `--allow-paths` is not needed here. */
function importFrom(basePath) {
  return (name) => {
    const file = path.resolve(basePath, name);
    try {
      return { contents: fs.readFileSync(file, "utf8") };
    } catch (error) {
      return { error: `File not found: ${name} (${error.code})` };
    }
  };
}

function main(argv) {
  const solc = require("solc");
  if (argv.includes("--version")) {
    writeAll(1, `solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
  } else if (argv.includes("--standard-json")) {
    const input = fs.readFileSync(0, "utf8");
    const basePath = option(argv, "--base-path") ?? process.cwd();
    writeAll(1, solc.compile(input, { import: importFrom(basePath) }) + "\n");
  } else {
    writeAll(2, "solc-npm: only --version and --standard-json are answered\n");
    return 1;
  }
  return 0;
}

process.exitCode = main(process.argv.slice(2));
