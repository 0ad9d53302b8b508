#!/bin/sh
# What the plugin's hooks run: the hook of the checkout or npm package that this folder lies in, else of
# the tallyhook that is installed. Where there is none, nothing happens, without a word; `tallyhook doctor`
# tells. A desktop's PATH may lack the folders that Node is usually in, so they are looked at last.
PATH="$PATH:/usr/local/bin:/opt/homebrew/bin:$HOME/.volta/bin:$HOME/.local/bin"
hook="${0%/*}/../dist/hooks/record.cjs"
if [ -f "$hook" ] && command -v node >/dev/null 2>&1; then
  exec node "$hook"
fi
if command -v tallyhook-hook >/dev/null 2>&1; then
  exec tallyhook-hook
fi
exit 0
