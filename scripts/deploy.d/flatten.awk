# Prints a YAML document as gcloud prints a resource: lines of the form `path: value`. It understands maps and lists in block
# style, with plain or quoted values, and refuses everything else.

function refuse(why) {
  print "line " NR ": " why ": " $0 > "/dev/stderr"
  exit 1
}

function pop_to(indent) { while (depth > 0 && indents[depth] >= indent) depth-- }

function push(part, indent) {
  depth++
  parts[depth] = part
  indents[depth] = indent
}

function path(  i, text) {
  for (i = 1; i <= depth; i++) {
    text = text (parts[i] ~ /^[[]/ || text == "" ? "" : ".") parts[i]
  }
  return text
}

function scalar(text) {
  sub(/ +$/, "", text)
  if (text ~ /^"[^"\\]*"$/ || text ~ /^'[^']*'$/) return substr(text, 2, length(text) - 2)
  if (text ~ /^["'{[&*|>!%@`]/ || text ~ / #/) refuse("only plain and quoted values are understood")
  if (text == "true") return "True"
  if (text == "false") return "False"
  return text
}

# Reads `key: value`, `key:` with a block below it, or the plain value of a list item.
function entry(text, indent,  key) {
  if (!match(text, /^[A-Za-z0-9_.\/-]+:( |$)/)) {
    print path() ": " scalar(text)
    return
  }
  key = substr(text, 1, RLENGTH)
  text = substr(text, RLENGTH + 1)
  sub(/: ?$/, "", key)
  sub(/^ +/, "", text)
  push(key, indent)
  if (text != "") {
    print path() ": " scalar(text)
    depth--
  }
}

function item(text, indent,  index_of_item) {
  # The items of a list may have the same indent as its key.
  while (depth > 0 && indents[depth] > indent) depth--
  index_of_item = 0
  if (depth > 0 && indents[depth] == indent && parts[depth] ~ /^[[]/) {
    index_of_item = substr(parts[depth], 2) + 1
    depth--
  }
  push("[" index_of_item "]", indent)
  entry(text, indent + 2)
}

/^ *(#|$)/ || /^---$/ { next }
/\t/ { refuse("tabs are not understood") }
{
  match($0, /^ */)
  indent = RLENGTH
  text = substr($0, indent + 1)
  if (text ~ /^- +[^ ]/) {
    match(text, /^- +/)
    if (RLENGTH > 2) refuse("write one space after the dash")
    item(substr(text, 3), indent)
  } else {
    pop_to(indent)
    entry(text, indent)
  }
}
