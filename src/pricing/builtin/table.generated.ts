// Written by scripts/generate-prices.mjs (npm run prices): change the sources, not this.
// How to read it: catalog.ts.

/** Which source said so, and when it was published. */
export const CATALOG_SOURCES: Readonly<Record<string, readonly [string, string]>> = {
  a: ["DeepSeek's price page", "2025-09-05"],
  b: ["DeepSeek's price page", "2026-04-13"],
  c: ["pi-ai 1.5.2", "2026-11-10"],
  d: ["genai-prices 0.1.8", "2026-09-23"],
  e: ["genai-prices 0.1.8, remarks", "2026-09-23"],
  f: ["genai-prices 0.1.8; pi-ai 1.5.2", "2026-11-10"],
  g: ["OpenAI's price page", "2025-04-16"],
};

export const CATALOG = `@deepseek
deepseek-chat,deepseek-chat-v3-0324|a.27 1.1 .07;a2025-02-26T16:30Z=.135 .55 .035;a2025-02-26T16:30Z=.27 1.1 .07~0030-1630;a2025-09-05T16:00Z=.56 1.68 .07;b2025-09-29=.28 .42 .028
deepseek-flash|c.3 1.2 .006
deepseek-reasoner,deepseek-r1|a.55 2.19 .14;a2025-02-26T16:30Z=.135 .55 .035;a2025-02-26T16:30Z=.55 2.19 .14~0030-1630;a2025-09-05T16:00Z=.56 1.68 .07;b2025-09-29=.28 .42 .028
deepseek-v3.1-terminus|d.27 .95 .13
deepseek-v3.2|d.2288 .3432
deepseek-v3.2-exp|d.27 .41
deepseek-v4-flash|e.14 .28 .0028;e2026-08-17=.22 .66 .007;e2026-08-17=.44 1.32 .014~0100-0400,0600-1000;e2026-08-23=.22 .66 .007;e2026-08-23=.44 1.32 .014~0100-0400,0600-1000w
deepseek-v4-pro|e.435 .87 .003625;e2026-08-17=.66 1.98 .022;e2026-08-17=1.32 3.96 .044~0100-0400,0600-1000;e2026-08-23=.66 1.98 .022;e2026-08-23=1.32 3.96 .044~0100-0400,0600-1000w
@google
deep-research-max-preview-04-2026|c2 12 .2>200000 4 18 .4
deep-research-preview-04-2026|c2 12 .2>200000 4 18 .4
gemini-1.0-pro-vision-001,gemini-1.0-pro-vision,gemini-pro-vision|d.125 .375
gemini-1.5-flash,gemini-flash-1.5|d.075 .3 .01875>128000 .15 .6 .0375
gemini-1.5-flash-8b,gemini-flash-1.5-8b|d.0375 .15 .01>128000 .075 .3 .02
gemini-1.5-pro,gemini-pro-1.5|d1.25 5 .3125>128000 2.5 10 .625
gemini-2.0-flash|d.1 .4 .025
gemini-2.0-flash-lite|d.075 .3
gemini-2.5-computer-use-preview-10-2025|c1.25 10>200000 2.5 15
gemini-2.5-flash,gemini-2.5-flash-preview-09-2025|f.3 2.5 .03
gemini-2.5-flash-lite|f.1 .4 .01
gemini-2.5-flash-preview|d.15 .6
gemini-2.5-pro|f1.25 10 .125>200000 2.5 15 .25
gemini-3-flash-preview|f.5 3 .05
gemini-3-pro-preview,gemini-3-pro-text-preview|d2 12 .2>200000 4 18 .4
gemini-3.1-flash-lite,gemini-3.1-flash-lite-preview|f.25 1.5 .025
gemini-3.1-pro-preview|f2 12 .2>200000 4 18 .4
gemini-3.1-pro-preview-customtools|c2 12 .2>200000 4 18 .4
gemini-3.5-flash,gemini-3.5-flash-preview|f1.5 9 .15
gemini-3.5-flash-lite|f.3 2.5 .03
gemini-3.6-flash|f.75 3.75 .075;d2027-01-01=1.5 7.5 .15
gemini-3.7-flash|f.75 3.75 .075;d2027-01-01=1.5 7.5 .15
gemini-3.8-flash|f.75 3.75 .075;d2027-01-01=1.5 7.5 .15
gemini-4-argon|c2 10 .1
gemini-embedding-001|d.15 0
gemini-embedding-2|d.2 0
gemini-flash-latest|c1.5 9 .15
gemini-flash-lite-latest|c.25 1.5 .025
gemini-pro,gemini-1.0-pro|d.125 .375
gemini-pro-latest|c2 12 .2>200000 4 18 .4
gemini-robotics-er-2-preview|c1 5 .1
gemma-3|d0 0 0 0
gemma-3n|d0 0 0 0
gemma-4-26b-a4b-it|d0 0 0 0
gemma-4-26b-a4b-it-maas|d.15 .6 .015
gemma-4-31b-it|d0 0 0 0
@groq
deepseek-r1-distill-llama-70b|d.75 .99
gemma-7b-it,gemma-7b|d.07 .07
gemma2-9b-it,gemma2-9b|d.2 .2
gpt-oss-120b|f.15 .6 .075
gpt-oss-20b|f.075 .3 .0375
gpt-oss-safeguard-20b|c.075 .3 .0375
kimi-k2-instruct|d1 3 .5
llama-3.1-405b-reasoning|d.59 .79
llama-3.1-70b-versatile|d.59 .79
llama-3.1-8b-instant|f.05 .08
llama-3.2-11b-text-preview|d.18 .18
llama-3.2-11b-vision-preview|d.18 .18
llama-3.2-1b-preview|d.04 .04
llama-3.2-3b-preview|d.06 .06
llama-3.2-90b-text-preview|d.9 .9
llama-3.2-90b-vision-preview|d.9 .9
llama-3.3-70b-specdec|d.59 .99
llama-3.3-70b-versatile|f.59 .79
llama-4-maverick-17b-128e-instruct|d.2 .6
llama-4-scout-17b-16e-instruct|d.11 .34
llama-guard-3-8b|d.2 .2
llama-guard-4-12b|d.2 .2
llama2-70b-4096,llama2-70b|d.7 .8
llama3-70b-8192,llama3-70b|d.59 .79
llama3-8b-8192,llama3-8b|d.05 .08
llama3-groq-70b-8192-tool-use-preview|d.89 .89
llama3-groq-8b-8192-tool-use-preview|d.19 .19
mistral-saba-24b|d.79 .79
mixtral-8x7b-32768,mixtral-8x7b|d.24 .24
qwen3-32b|d.29 .59
qwen3.6-27b|c.6 3 .3
qwen3.8-27b|c.8 4
@mistral
codestral,codestral-2501|f.3 .9 .03
codestral-2508|f.3 .9 .03
deepseek-v4-1-flash-1017|c.3 1.2 .007
devstral-2512|f.4 2 .04
devstral-latest|c.4 2 .04
devstral-medium-latest,devstral-medium-2507|c.4 2 .04
devstral-small,devstral-small-2505,devstral-small-2507,labs-devstral-small-2512|d.1 .3
glm-5-2|c1.4 4.4 .14
magistral-medium,magistral-medium-2506,magistral-medium-2507,magistral-medium-2509|d2 5
magistral-medium-latest|c2 5 .2
magistral-small,magistral-small-2506,magistral-small-2507,magistral-small-2509|d.5 1.5
ministral-14b-2512|f.2 .2 .02
ministral-3b|d.04 .04
ministral-3b-2512|f.1 .1 .01
ministral-3b-latest|c.1 .1 .01
ministral-8b,ministral-8b-2410|d.1 .1
ministral-8b-2512|f.15 .15 .015
ministral-8b-latest|d.1 .1;f2025-12-02=.15 .15 .015
mistral-7b,open-mistral-7b|d.25 .25
mistral-embed|d.1 .1
mistral-large,mistral-large-2407,mistral-large-2411|d2 6
mistral-large-2512|f.5 1.5 .05
mistral-large-4|c.7 2.1 .07
mistral-large-4-0-8|c.7 2.1 .07
mistral-large-latest|d2 6;c2025-12-02=.5 1.5 .05
mistral-medium-2312|d2.7 8.1
mistral-medium-2604|c1.5 7.5 .15
mistral-medium-3-1,mistral-medium,mistral-medium-2505,mistral-medium-2508,mistral-medium-3,mistral-medium-3.1|f.4 2 .04
mistral-medium-3-5,mistral-medium-3.5|f1.5 7.5 .15
mistral-medium-latest|d.4 2 .04;f2026-06-16=1.5 7.5 .15
mistral-nemo,open-mistral-nemo,open-mistral-nemo-2407|f.15 .15 .015
mistral-saba|d.2 .6
mistral-small-2506|c.1 .3 .01
mistral-small-2603|f.15 .6 .015
mistral-small-latest|d.1 .3;c2026-03-16=.15 .6 .015
mistral-tiny|d.25 .25
mixtral-8x22b-instruct|d.9 .9
mixtral-8x7b,open-mixtral-8x7b|d.7 .7
pixtral-12b|f.15 .15 .015
pixtral-large,pixtral-large-2411|d2 6
voxtral-small-24b-2507,voxtral-small-2507,voxtral-small-latest|d.1 .3 .01;f2026-08-11=.1 .4 .01
zai-glm-5-2|c1.4 4.4 .14
zai-glm-5-3|c1.4 4.4 .14
zai-glm-5-3-flash|c.15 .5 .03
@openai
ada,text-ada-001|d.4 .4
babbage|d.5 .5
chat-latest|c5 30 .5
chatgpt-4o-latest|d5 15
codex-mini|d1.5 6 .375
computer-use,computer-use-preview|d3 12
curie,text-curie-001|d2 2
davinci,text-davinci-001|d20 20
ft:gpt-3.5-turbo|d3 6
ft:gpt-4o|d3.75 15
ft:gpt-4o-mini|d.3 1.2
gpt-3.5-0301,gpt-3.5-turbo-0301|d1.5 2
gpt-3.5-turbo,gpt-35-turbo|d.5 1.5
gpt-3.5-turbo-0613|d1.5 2
gpt-3.5-turbo-1106|d1 2
gpt-3.5-turbo-16k,gpt-35-turbo-16k|d3 4
gpt-3.5-turbo-instruct|d1.5 2
gpt-4|f30 60
gpt-4-32k|d60 120
gpt-4-turbo,gpt-4-0125-preview,gpt-4-1106-preview,gpt-4-turbo-0125-preview,gpt-4-turbo-preview|f10 30
gpt-4-vision-preview,gpt-4-1106-vision-preview|d10 30
gpt-4.1|f2 8 .5
gpt-4.1-mini|f.4 1.6 .1
gpt-4.1-nano|f.1 .4 .025
gpt-4.5-preview|d75 150 37.5
gpt-4o|f2.5 10 1.25
gpt-4o-2024-05-13|f5 15
gpt-4o-mini,gpt-4o-mini-search-preview|f.15 .6 .075
gpt-4o-search-preview|d2.5 10
gpt-4o:extended|d6 18
gpt-5,gpt-5-chat-latest,gpt-5-codex|f1.25 10 .125
gpt-5-mini|f.25 2 .025
gpt-5-nano|f.05 .4 .005
gpt-5-pro|f15 120
gpt-5.1,gpt-5.1-chat-latest,gpt-5.1-codex,gpt-5.1-codex-max|f1.25 10 .125
gpt-5.1-codex-mini,gpt-5.1-mini|d.25 2 .025
gpt-5.2,gpt-5.2-chat-latest,gpt-5.2-codex|f1.75 14 .175
gpt-5.2-pro|f21 168
gpt-5.3,gpt-5.3-chat-latest|d1.75 14 .175
gpt-5.3-codex|f1.75 14 .175
gpt-5.3-codex-spark|c1.75 14 .175
gpt-5.4|f2.5 15 .25>271999 5 22.5 .5
gpt-5.4-mini|f.75 4.5 .075
gpt-5.4-nano|f.2 1.25 .02
gpt-5.4-pro|f30 180>271999 60 270
gpt-5.5,gpt-5.5-chat-latest,gpt-5.5-codex|f5 30 .5>271999 10 45 1
gpt-5.5-pro|f30 180>271999 60 270
gpt-5.6-cyber|c12.5 75 1.25 15.625
gpt-5.6-luna|d1 6 .1 1.25>271999 2 9 .2 2.5;f2026-07-30=.2 1.2 .02 .25>271999 .4 1.8 .04 .5
gpt-5.6-sol,gpt-5.6|d5 30 .5 6.25>271999 10 45 1 12.5;f2026-08-21=4 20 .4 5>271999 8 30 .8 10
gpt-5.6-terra|d2.5 15 .25 3.125>271999 5 22.5 .5 6.25;f2026-07-30=2 12 .2 2.5>271999 4 18 .4 5
gpt-6-astra|f10 50 1 12.5>271999 20 75 2 25
gpt-6-luna|f.1 .5 .01 .125>272000 .2 .75 .02 .25
gpt-6-sol|f2 10 .2 2.5>272000 4 15 .4 5
gpt-6.1-sol|c2 10 .1 2.5>272000 4 15 .2 5
gpt-6.1-terra|c1 5 .05 1.25>272000 2 7.5 .1 2.5
gpt-daybreak-blue-latest|c4 20 .4 5>272000 8 30 .8 10
gpt-daybreak-red-latest|c12.5 75 1.25 15.625
o1|f15 60 7.5
o1-mini|d1.1 4.4 .55
o1-preview|d15 60 7.5
o1-pro|f150 600
o3|g10 40 2.5;f2025-06-10=2 8 .5
o3-deep-research|d10 40 2.5
o3-mini,o3-mini-high|f1.1 4.4 .55
o3-pro|f20 80
o4-mini,o4-mini-high|f1.1 4.4 .275
o4-mini-deep-research|d2 8 .5
text-davinci-002|d20 20
text-davinci-003|d20 20
text-embedding-3-large|d.13 0
text-embedding-3-small|d.02 0
text-embedding-ada-002,text-embedding-ada,text-embedding-ada-002-v2|d.1 0
@xai
grok-2|d2 10
grok-2-vision|d2 10
grok-3,grok-3-beta|d3 15 .75
grok-3-fast,grok-3-fast-beta|d5 25 1.25
grok-3-mini,grok-3-mini-beta|d.3 .5 .075
grok-3-mini-fast,grok-3-mini-fast-beta|d.6 4 .15
grok-4|d3 15 .75
grok-4-1-fast-non-reasoning|d.2 .5 .05
grok-4-1-fast-reasoning,grok-4-1-fast|d.2 .5 .05
grok-4-fast-non-reasoning|d.2 .5 .05
grok-4-fast-reasoning,grok-4-fast|d.2 .5 .05
grok-4.20|d1.25 2.5 .2>199999 2.5 5 .4
grok-4.20-multi-agent|d2 6 .2
grok-4.3|f1.25 2.5 .2>199999 2.5 5 .4
grok-4.5,grok-latest|f2 6 .3>199999 4 12 .6
grok-4.6|f2 6 .5>199999 4 12 1
grok-4.7|c2 6 .5>200000 4 12 1
grok-build-0.1|d1 2 .2>199999 2 4 .4
grok-code-fast-1,grok-code-fast|d.2 1.5 .02`;
