import type { Topic } from "./topic.ts";

/** Help articles on the devices of the made-up company Hearthly, and what people ask about them. */
export const deviceTopics: readonly Topic[] = [
  {
    id: "kb-1042",
    title: "Thermostat shows E4 and heating stays off",
    body: "Code E4 means that the thermostat has had no contact with the boiler relay for ten minutes. Check that the relay's green light is on. If it blinks, hold the relay's button for five seconds until it turns blue, then choose Settings › Boiler › Pair again on the thermostat. Pairing takes up to ninety seconds. The thermostat keeps its schedule.",
    questions: [
      "My {device} shows E4 and the house is getting cold. What do I do?",
      "error E4 on the thermostat since this morning, heating is off",
      "What does code E4 mean? I already restarted the {device}.",
    ],
    answer:
      "E4 means the thermostat lost contact with the boiler relay. Look at the relay beside your boiler: if its green light blinks, hold its button for five seconds until it turns blue. Then open **Settings › Boiler › Pair again** on the thermostat and give it up to ninety seconds. Your schedule is kept.",
    poor: "E4 usually points to a low battery. Please replace both batteries of the {device} and reset it to factory settings under Advanced › Maintenance. You will have to enter your schedule again afterwards.",
    followUps: [
      [
        "The light on the relay is off, not blinking.",
        "Then the relay has no power. Check the fuse of the boiler circuit, and that the relay's plug sits firmly. Once its light is on, pairing works as described.",
      ],
      ["ok it is blue now, how long does it take?", "Up to ninety seconds. When the thermostat shows a small flame icon, the boiler answers again."],
    ],
    difficulty: 0.1,
  },
  {
    id: "kb-1077",
    title: "Changing the weekly heating schedule",
    body: "Open the app, choose the room and tap Schedule. Drag the dots to move a change of temperature, tap the line to add one, swipe a dot away to remove it. Copy day repeats the plan of a day for others. A schedule set in the app replaces the one set on the device itself. Holiday mode pauses every schedule until its end date.",
    questions: [
      "How can I set different temperatures for weekends on my {device}?",
      "I want the heating lower between 9 and 16 on workdays only",
      "How do I copy Monday's schedule to the rest of the week?",
    ],
    answer:
      "Open the room in the app and tap **Schedule**. Tap the line to add a change, drag a dot to move it. When one workday is right, use **Copy day** and tick the days that should follow it; leave Saturday and Sunday out and set them on their own.",
    poor: "Schedules can only be changed for the whole house, so weekends follow the weekdays. You can lower the temperature by hand when you are away, which also saves energy.",
    followUps: [
      ["And if I go on holiday?", "Turn on **Holiday mode** with an end date: all schedules pause until then and come back on their own."],
      ["does the app override what I set on the wall?", "Yes. The schedule from the app replaces the one that was set on the device."],
    ],
    difficulty: 0.12,
  },
  {
    id: "kb-1103",
    title: "Radiator valve is noisy or clicks at night",
    body: "A valve that has just been mounted learns its travel for two days and may click. After that, noise at night usually means that the pump pressure is too high or that the valve is not seated. Unscrew the valve, turn the adapter until it clicks once, and screw it on again by hand. Quiet mode under Valve › Advanced moves the motor at half speed between 22:00 and 6:00.",
    questions: [
      "The valve in my bedroom clicks all night, is it broken?",
      "Why is the radiator valve so loud after I mounted it?",
      "Can the valves be silent between ten and six?",
    ],
    answer:
      "For the first two days a new valve learns its travel and clicks; that goes away. If it lasts, take the valve off, turn the adapter until it clicks once and screw it back on by hand. You can also turn on **Quiet mode** under **Valve › Advanced**, which halves the motor's speed from 22:00 to 6:00.",
    poor: "Clicking indicates a defective motor. I have ordered a replacement for you, it will arrive within two days. Please send the old valve back.",
    followUps: [
      [
        "It has been a week, still loud.",
        "Then the pump pressure may be too high for the valve. A heating technician can lower it by one step; until then Quiet mode helps most.",
      ],
    ],
    difficulty: 0.2,
  },
  {
    id: "kb-1120",
    title: "Connecting the hub to a new Wi-Fi network",
    body: "Hold the button on the back of the hub for seven seconds until the ring turns white. In the app choose Add › Hub › Change network and pick a 2.4 GHz network; 5 GHz only networks and networks with a sign-in page do not work. The hub keeps all paired devices. If the ring turns red, the password was refused.",
    questions: ["I have a new router, how do I get the hub online again?", "hub ring is red after changing the wifi password", "Does the hub work with 5 GHz?"],
    answer:
      "Hold the button on the back of the hub for seven seconds until the ring is white, then choose **Add › Hub › Change network** in the app and pick your 2.4 GHz network (5 GHz alone does not work). Your devices stay paired. A red ring means the password was not accepted: enter it once more.",
    poor: "After a change of router all devices need to be paired again. Remove the hub from your account first, then set it up as a new one and add each valve.",
    followUps: [
      ["My router has one name for both bands.", "That is fine: the hub picks 2.4 GHz by itself. Stand close to the router during the setup."],
      ["it worked thanks", "Glad to hear it. Enjoy your warm home!"],
    ],
    difficulty: 0.1,
  },
  {
    id: "kb-1131",
    title: "Battery life of sensors and valves",
    body: "Valves run for about two years on two AA lithium cells, window sensors for four on a CR2450. Rechargeable cells are not supported, because their voltage drops too early and the valve reports low battery after weeks. The app warns at 15 %. After a change the valve recalibrates for one minute; keep the window closed meanwhile.",
    questions: [
      "How long should the batteries of the {device} last? Mine were empty after five weeks.",
      "Can I use rechargeable batteries in the valves?",
      "Which battery goes into the window sensor?",
    ],
    answer:
      "Valves last about two years on two **AA lithium** cells, window sensors about four on a **CR2450**. Rechargeable cells are the usual reason for a warning after a few weeks: their voltage is too low from the start. After the change the valve calibrates for a minute.",
    poor: "The batteries last around six months. Rechargeable batteries are recommended because they are better for the environment.",
    followUps: [
      [
        "I used brand new alkaline ones.",
        "Alkaline cells work but last about half as long, more so in a cold room. If they were empty after five weeks, please send us the device's log under Help › Send log.",
      ],
    ],
    difficulty: 0.15,
  },
  {
    id: "kb-1158",
    title: "Using Hearthly with Matter and voice assistants",
    body: "Hub 2 and newer speak Matter. In the app open Hub › Matter › Show code and scan it with the other system. Temperature, mode and open-window state are shared; schedules and energy figures stay in the Hearthly app. Hub 1 can be linked to voice assistants through the account, not by Matter.",
    questions: [
      "Does my {device} work with Matter?",
      "How do I add the thermostat to my other smart home app?",
      "Can I see the energy statistics in the Matter app too?",
    ],
    answer:
      "With Hub 2 or newer, yes: open **Hub › Matter › Show code** and scan the code in the other app. You can then read and set temperature and mode there. Schedules and energy figures stay in the Hearthly app. With Hub 1, link your account with the voice assistant instead.",
    poor: "All Hearthly hubs support Matter after the update. Schedules are synchronised both ways, energy statistics follow within a day.",
    followUps: [["How do I know which hub I have?", "Turn it over: the label names the model. In the app you find it under **Hub › About**."]],
    difficulty: 0.25,
  },
  {
    id: "kb-1184",
    title: "Humidity and mould warnings",
    body: "The warning comes when a room stays above 65 % relative humidity for six hours, or when a wall is estimated to be colder than the dew point. Air for five minutes with the window wide open; tilting cools the wall. The threshold can be set per room between 55 and 75 %. Bathrooms are ignored for 45 minutes after a shower.",
    questions: [
      "Why do I get a mould warning in the bedroom every morning?",
      "At what humidity does the app warn?",
      "Can I switch off the humidity alerts for the bathroom?",
    ],
    answer:
      "The app warns when a room stays above **65 %** for six hours or a wall gets colder than the dew point; in bedrooms that happens overnight. Air for five minutes with the window wide open. Under **Room › Climate** you can move the threshold between 55 and 75 %.",
    poor: "A mould warning means that mould was detected in the room. Please call a specialist and do not sleep in the room until then.",
    followUps: [
      [
        "I sleep with a tilted window.",
        "A tilted window cools the wall, which makes the warning more likely. Short airing in the evening and morning works better.",
      ],
    ],
    difficulty: 0.2,
  },
  {
    id: "kb-1210",
    title: "ヒートポンプとの互換性",
    body: "ハブ2はOpenThermに対応したヒートポンプを制御できます。設定 › 熱源 › ヒートポンプ を選び、外気温センサーを追加してください。最低運転時間は20分に設定することをお勧めします。オンオフ制御のみの機種では、エネルギー表示は推定値になります。",
    questions: ["ヒートポンプでも使えますか？", "サーモスタットはどのヒートポンプに対応していますか？"],
    answer:
      "はい、ハブ2であればOpenTherm対応のヒートポンプを制御できます。**設定 › 熱源 › ヒートポンプ** を選び、外気温センサーを追加してください。短い間隔での運転を避けるため、最低運転時間は20分をお勧めします。",
    poor: "申し訳ありませんが、ヒートポンプには対応していません。ガスボイラーのみご利用いただけます。",
    followUps: [["エネルギーの表示は正確ですか？", "OpenTherm接続の場合は実測値です。オンオフ制御のみの機種では推定値になります。"]],
    difficulty: 0.3,
  },
];
