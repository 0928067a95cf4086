/** What a row of `spans` says, as the row of its trace gathers it. */
export const spanTexts = {
  tool: "if(tool_name = '' AND kind = 'TOOL', toString(name), toString(tool_name))",
  agent: "if(agent_name = '' AND kind = 'AGENT', toString(name), toString(agent_name))",
  prompt: "if(prompt_version = '', toString(prompt_name), concat(prompt_name, '/', prompt_version))",
} as const;
